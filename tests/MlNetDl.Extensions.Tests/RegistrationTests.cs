using Microsoft.ML;
using MlNetDl.Extensions.Tests.Parts;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Metrics;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Training;
using MlNetDl.Training.Losses;
using TorchSharp;

namespace MlNetDl.Extensions.Tests;

/// <summary>Parts that no catalog has.</summary>
public sealed class RegistrationTests
{
    private static readonly Recipe Plain = new() { Task = new MulticlassClassification(), Model = new Mlp { Hidden = [4] }, Training = TestData.Training(1) };

    [Fact]
    public void An_unregistered_metric_step_stage_loss_or_augmentation_is_one_error_that_says_how_to_register_it()
    {
        var training = Plain.Training;
        Refused(Plain with { Training = training with { Metrics = [new Accuracy(), new Nothing()] } }, "training.metrics[1]", "Catalogs.Metrics.Register<Nothing>()");
        Refused(Plain with { Training = training with { Step = new OtherStep() } }, "training.step", "Catalogs.Steps.Register<OtherStep>()");
        Refused(Plain with { Training = training with { Stages = [new Fit(), new OtherStage()] } }, "training.stages[1]", "Catalogs.Stages.Register<OtherStage>()");
        Refused(Plain with { Training = training with { Stages = [new Fit(), new OtherHook()] } }, "training.stages[1]", "Catalogs.Stages.Register<OtherHook>()");
        Refused(Plain with { Training = training with { Loss = new OtherLoss() } }, "training.loss", "Catalogs.Losses.Register<OtherLoss>()");
    }

    [Fact]
    public void An_unregistered_task_or_model_is_too()
    {
        Refused(Plain with { Task = new OtherTask() }, "task", "Catalogs.Tasks.Register<OtherTask>()");
        Refused(Plain with { Task = null, Model = new OtherModel() }, "network", "Catalogs.Networks.Register<OtherModel>()");
        Refused(Plain with { Task = null, Model = new Vae { Encoder = new OtherNetwork() } }, "network.encoder", "Catalogs.Networks.Register<OtherNetwork>()");
    }

    [Fact]
    public void An_unregistered_layer_is_too_even_in_a_network_that_needs_no_registration() =>
        Refused(Plain with { Model = new OtherNetwork() }, "network.root.children[1].children[0]", "Catalogs.Layers.Register<OtherLayer>()");

    [Fact]
    public void The_trainer_of_ml_net_says_the_same()
    {
        var ml = new MLContext(1);
        var trainer = ml.NeuralNetwork(new MulticlassClassification(), new() { Network = new Mlp(), Training = Plain.Training with { Step = new OtherStep() }, LabelColumnName = "Digit" });
        var e = Assert.Throws<ArgumentException>(() => trainer.Fit(TestData.Rows(ml, TestData.Digits(50))));
        Assert.Contains("Catalogs.Steps.Register<OtherStep>()", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_that_a_model_foretells_and_does_not_make_are_refused_before_the_first_step()
    {
        var count = new StepCount();
        var recipe = Plain with { Task = null, Model = new ForetellsOther(), Callbacks = [count] };
        var e = Assert.Throws<ArgumentException>(() => recipe.Run(TestData.Digits(50)));
        Assert.Contains("[Wrong]", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, count.Steps);
    }

    private static void Refused(Recipe recipe, string where, string how)
    {
        var count = new StepCount();
        var e = Assert.Throws<ArgumentException>(() => (recipe with { Callbacks = [count] }).Run(TestData.Digits(50)));
        Assert.StartsWith($"{where}: ", e.Message, StringComparison.Ordinal);
        Assert.Contains(how, e.Message, StringComparison.Ordinal);
        Assert.Equal(0, count.Steps);
    }

    private sealed record Nothing : Metric
    {
        public override string FigureName => "nothing";

        public override Goal Goal => Goal.Maximize;

        public override bool Takes(ScoreForm form) => true;

        protected override MetricRun Begin(ScoreForm form, int width) => throw new NotSupportedException();
    }

    private sealed record OtherStep : StepSpec
    {
        public override TrainingStep Start(StepStart start) => new SupervisedStep(start);
    }

    private sealed record OtherStage : Stage
    {
        public override TrainedModel Run(StageContext context) => context.Model;
    }

    private sealed record OtherHook : FitHook
    {
        public override StepHook Start(StageContext context) => throw new NotSupportedException();
    }

    private sealed record OtherLoss : Loss
    {
        protected override torch.Tensor PerExample(torch.Tensor outputs, torch.Tensor targets) => outputs;

        protected override string? Misfit(torch.Tensor outputs, torch.Tensor targets) => null;
    }

    private sealed record OtherTask : LearningTask
    {
        private readonly MulticlassClassification like = new();

        public override LabelForm Label => like.Label;

        public override Loss DefaultLoss => like.DefaultLoss;

        public override ScoreForm Scores => like.Scores;

        public override IReadOnlyList<OutputColumn> Columns => like.Columns;

        public override IReadOnlyList<Metric> TrainingMetrics => like.TrainingMetrics;

        public override IReadOnlyList<Metric> EvaluationMetrics => like.EvaluationMetrics;

        public override Layer ScoringLayer(TargetScale scale) => like.ScoringLayer(scale);

        public override ScoredValue Read(ReadOnlySpan<float> scores, LabelInfo label) => like.Read(scores, label);
    }

    private sealed record OtherNetwork : NetworkSpec
    {
        public override Layer Backbone(Shape input) => new Sequential(new OtherLayer(), new Flatten());
    }

    private sealed record OtherLayer : UnaryLeaf
    {
        public override Shape OutputShape(Shape input) => input;

        public override torch.Tensor Forward(IReadOnlyList<torch.Tensor> inputs, LeafState state) => input + 0;

        public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
            graph.Add("Identity", [input]);
    }

    private sealed record OtherModel : ModelSpec
    {
        private readonly Vae like = new();

        public override StepSpec Step => like.Step;

        public override IReadOnlyDictionary<string, Analysis.Network> Networks(ModelContext context) => like.Networks(context);

        public override IReadOnlyList<ModelGraph> Graphs(ModelContext context, IReadOnlyDictionary<string, Analysis.Network> networks) => like.Graphs(context, networks);
    }

    internal sealed record ForetellsOther : ModelSpec
    {
        private readonly Vae like = new();

        public override IReadOnlyList<string> Columns => ["Wrong"];

        public override StepSpec Step => like.Step;

        public override IReadOnlyDictionary<string, Analysis.Network> Networks(ModelContext context) => like.Networks(context);

        public override IReadOnlyList<ModelGraph> Graphs(ModelContext context, IReadOnlyDictionary<string, Analysis.Network> networks) => like.Graphs(context, networks);
    }
}
