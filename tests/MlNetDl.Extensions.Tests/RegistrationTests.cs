using Microsoft.ML;
using MlNetDl.Configuration;
using MlNetDl.Extensions.Tests.Parts;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Metrics;
using MlNetDl.MlNet;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Training;
using MlNetDl.Training.Losses;
using TorchSharp;

namespace MlNetDl.Extensions.Tests;

/// <summary>Parts that no catalog has: what works without a name, and what is said where one is needed.</summary>
public sealed class RegistrationTests
{
    private static readonly Recipe Plain = new()
    {
        Task = new MulticlassClassification(),
        Model = new Mlp { Hidden = [4] },
        Training = TestData.Training(1),
    };

    [Fact]
    public void What_only_training_needs_works_without_a_name_and_the_model_says_what_it_was()
    {
        var training = Plain.Training with { Step = new OtherStep(), Stages = [new Fit(), new OtherStage()] };
        var package = (Plain with { Training = training, Model = new OtherNetwork() }).Run(TestData.Digits(50)).Package;
        var options = ModelPackage.Read(Bytes(package)).Manifest.Training!.Options!.Value;
        Assert.Equal($"global::{typeof(OtherStep).FullName}", options.GetProperty("step").GetProperty("type").GetString());
        Assert.Equal($"global::{typeof(OtherStage).FullName}", options.GetProperty("stages")[1].GetProperty("type").GetString());
    }

    [Fact]
    public void A_model_of_several_graphs_and_what_it_is_made_of_do_too()
    {
        var recipe = Plain with { Task = null, Model = new OtherModel() };
        Assert.NotEmpty(recipe.Run(TestData.Digits(50)).Reports);
        Assert.NotEmpty((recipe with { Model = new Vae { Encoder = new OtherNetwork() } }).Run(TestData.Digits(50)).Reports);
    }

    [Fact]
    public void A_task_must_have_a_name_as_every_model_names_it()
    {
        const string How = "task: the task OtherTask is in no catalog, but whoever scores the model looks it up by name; "
            + "register it before it is used: Catalogs.Tasks.Register<OtherTask>().";
        var count = new StepCount();
        var recipe = Plain with { Task = new OtherTask(), Callbacks = [count] };
        Assert.Equal(How, Assert.Throws<ArgumentException>(() => recipe.Run(TestData.Digits(50))).Message);
        Assert.Equal(0, count.Steps);
        var ml = new MLContext(1);
        var trainer = ml.NeuralNetwork(new OtherTask(), new()
        {
            Network = new Mlp(),
            Training = Plain.Training,
            LabelColumnName = "Digit",
        });
        Assert.Equal(How, Assert.Throws<ArgumentException>(() => trainer.Fit(TestData.Rows(ml, TestData.Digits(50)))).Message);
    }

    [Fact]
    public void What_was_written_before_its_type_was_registered_is_read_afterwards()
    {
        Layer layer = new Sequential(new Late(3), new Late(4));
        var before = RecordJson.Serialize(layer);
        var e = Assert.Throws<ConfigurationException>(() => RecordJson.Deserialize<Layer>(before));
        Assert.Contains("Catalogs.Layers.Register<MlNetDl.Extensions.Tests.RegistrationTests.Late>()", e.Message, StringComparison.Ordinal);
        Catalogs.Layers.Register<Late>("late");
        Assert.Equal(layer, RecordJson.Deserialize<Layer>(before));
        Assert.Contains("\"late\"", RecordJson.Serialize(layer), StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_that_a_model_foretells_and_does_not_make_are_refused_before_the_first_step()
    {
        var count = new StepCount();
        var recipe = Plain with
        {
            Task = null,
            Model = new ForetellsOther(),
            Callbacks = [count],
        };
        var e = Assert.Throws<ArgumentException>(() => recipe.Run(TestData.Digits(50)));
        Assert.Contains("[Wrong]", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, count.Steps);
    }

    private static byte[] Bytes(ModelPackage package)
    {
        using var stream = new MemoryStream();
        package.Write(stream);
        return stream.ToArray();
    }

    private sealed record OtherStep : StepSpec
    {
        public override TrainingStep Start(StepStart start) => new SupervisedStep(start);
    }

    private sealed record OtherStage : Stage
    {
        public override TrainedModel Run(StageContext context) => context.Model;
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

        public override torch.Tensor Forward(torch.Tensor input, LeafState state) => input + 0;

        public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
            graph.Add("Identity", [input]);
    }

    private sealed record Late(int Factor) : Elementwise
    {
        public override torch.Tensor Forward(torch.Tensor input, LeafState state) => input * Factor;

        public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
            throw new NotSupportedException();
    }

    private sealed record OtherModel : ModelSpec
    {
        private readonly Vae like = new();

        public override IReadOnlyList<string> Columns => like.Columns;

        public override StepSpec Step => like.Step;

        public override IReadOnlyDictionary<string, Analysis.Network> Networks(ModelContext context) => like.Networks(context);

        public override IReadOnlyList<ModelGraph> Graphs(
            ModelContext context, IReadOnlyDictionary<string, Analysis.Network> networks) =>
            like.Graphs(context, networks);
    }

    internal sealed record ForetellsOther : ModelSpec
    {
        private readonly Vae like = new();

        public override IReadOnlyList<string> Columns => ["Wrong"];

        public override StepSpec Step => like.Step;

        public override IReadOnlyDictionary<string, Analysis.Network> Networks(ModelContext context) => like.Networks(context);

        public override IReadOnlyList<ModelGraph> Graphs(
            ModelContext context, IReadOnlyDictionary<string, Analysis.Network> networks) =>
            like.Graphs(context, networks);
    }
}
