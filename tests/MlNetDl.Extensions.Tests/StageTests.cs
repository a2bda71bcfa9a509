using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Experiments;
using MlNetDl.Extensions.Tests.Parts;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Training;

namespace MlNetDl.Extensions.Tests;

public sealed partial class StageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static Recipe Recipe(params ValueList<Stage> stages) => new()
    {
        Task = new MulticlassClassification(),
        Model = new Mlp { Hidden = [24] },
        Training = TestData.Training(1) with { Stages = stages },
    };

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("averaging")]
    [InlineData("narrow")]
    [InlineData("mask")]
    [InlineData("distil")]
    public void Cancelled_in_the_third_training_and_run_again_it_leaves_the_same_bytes(string kind)
    {
        var recipe = Recipe(Stages(kind));
        var whole = recipe.Run(TestData.Digits());
        Assert.Equal(3, whole.Reports.Count);

        using var stop = new CancellationTokenSource();
        var interrupted = recipe with
        {
            CheckpointPath = folder["checkpoint"],
            Stop = stop.Token,
            Callbacks = [new CancelIn(3, stop)],
        };
        Assert.ThrowsAny<OperationCanceledException>(() => interrupted.Run(TestData.Digits()));
        var count = new StepCount();
        var resumed = (recipe with { CheckpointPath = folder["checkpoint"], Callbacks = [count] }).Run(TestData.Digits());
        Assert.Equal(whole.Package.ToBytes(), resumed.Package.ToBytes());
        // 10 batches a training: two trainings are done, and two steps of the third.
        Assert.Equal(8, count.Steps);
    }

    [Fact]
    public void The_mean_of_the_weights_is_the_mean_of_what_the_turns_left()
    {
        var averaged = Recipe(new Fit(), new WeightAveraging { Turns = 2 }).Run(TestData.Digits()).Package.ReadWeights();
        var first = Recipe(new Fit(), new WeightAveraging { Turns = 1 }).Run(TestData.Digits()).Package.ReadWeights();
        // Each fit begins with a fresh optimiser, so a second turn is a turn behind the first.
        var second = Recipe(new Fit(), new Fit(), new Fit()).Run(TestData.Digits()).Package.ReadWeights();
        Assert.All(averaged, w => Assert.All(
            w.Data.Zip(first[w.Name].Data, second[w.Name].Data),
            v => Assert.Equal((v.Second + v.Third) / 2, v.First, 5)));
    }

    [Fact]
    public void A_stage_is_applied_to_a_model_that_is_fitted_already()
    {
        var fitted = Recipe().Run(TestData.Digits()).Package;
        var recipe = Recipe(new Narrow { Keep = 10, Epochs = 0 }) with { Model = null, ContinueFrom = fitted };
        var result = recipe.Run(TestData.Digits());
        Assert.Empty(result.Reports);
        Assert.Equal([10, 64], result.Package.ReadWeights()["hidden1.weight"].Dims);
        // All units are kept: the same model.
        var same = (recipe with { Training = recipe.Training with { Stages = [new Narrow { Keep = 24, Epochs = 0 }] } })
            .Run(TestData.Digits());
        Assert.Equal(fitted.Graphs["model"], same.Package.Graphs["model"]);
    }

    [Fact]
    public void A_model_whose_tree_a_stage_changed_loads_scores_and_is_continued_from()
    {
        var ml = new MLContext(1);
        var data = TestData.Rows(ml, TestData.Digits());
        var options = new NeuralNetworkOptions
        {
            Network = new Mlp { Hidden = [24] },
            Training = TestData.Training(3),
            LabelColumnName = "Digit",
        };
        var trainer = ml.MulticlassClassification.Trainers.NeuralNetwork(options).With(new Narrow { Keep = 12 });
        using var model = trainer.Fit(data);
        ml.Model.SaveAtomically(model, data.Schema, folder["model.zip"]);
        var loaded = ml.Model.Load(folder["model.zip"], out _);
        Assert.Equal(
            model.Transform(data).GetColumn<float[]>("Score").ToArray(),
            loaded.Transform(data).GetColumn<float[]>("Score").ToArray());
        Assert.Equal(2, model.TrainingReports.Count);
        Assert.Equal((64 * 12) + 12 + (12 * 10) + 10, model.ParameterCount);

        var on = new NeuralNetworkOptions
        {
            ContinueFrom = NeuralNetworkTransformer.Load(ml, folder["model.zip"]),
            Training = TestData.Training(),
            LabelColumnName = "Digit",
        };
        using var continued = ml.MulticlassClassification.Trainers.NeuralNetwork(on).Fit(data);
        Assert.Equal(model.ParameterCount, continued.ParameterCount);
        Assert.True(continued.TrainingReport!.Epochs[^1].Training["loss"] < model.TrainingReport!.Epochs[^1].Training["loss"]);
    }

    [Fact]
    public void A_trainer_of_ml_net_applies_a_stage_without_a_fit_to_a_loaded_model()
    {
        var ml = new MLContext(1);
        var data = TestData.Rows(ml, TestData.Digits(200));
        using var fitted = ml.MulticlassClassification.Trainers.NeuralNetwork(new Mlp { Hidden = [24] }, "Digit", epochs: 1).Fit(data);
        var options = new NeuralNetworkOptions
        {
            ContinueFrom = fitted,
            LabelColumnName = "Digit",
            Training = TestData.Training(1) with { Stages = [new Narrow { Keep = 5, Epochs = 0 }] },
        };
        using var narrow = ml.MulticlassClassification.Trainers.NeuralNetwork(options).Fit(data);
        Assert.Empty(narrow.TrainingReports);
        Assert.Equal((64 * 5) + 5 + (5 * 10) + 10, narrow.ParameterCount);
        Assert.Equal(10, narrow.Transform(data).GetColumn<float[]>("Score").First().Length);
    }

    [Fact]
    public void A_stage_that_leaves_weights_and_tree_apart_is_named()
    {
        var e = Assert.Throws<InvalidOperationException>(() => Recipe(new Fit(), new Widen()).Run(TestData.Digits(100)));
        Assert.Contains("'widen'", e.Message, StringComparison.Ordinal);
        Assert.Contains("hidden1.weight", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tree_that_cannot_be_scored_is_refused_before_it_is_trained_on()
    {
        var count = new StepCount();
        var recipe = Recipe(new Fit(), new OneLess()) with { Callbacks = [count] };
        var e = Assert.Throws<ShapeException>(() => recipe.Run(TestData.Digits(128)));
        Assert.Contains("[N, 9]", e.Message, StringComparison.Ordinal);
        Assert.Equal(2, count.Steps);
    }

    [Fact]
    public void A_teacher_that_is_not_there_is_an_error_before_the_first_step()
    {
        var count = new StepCount();
        var recipe = Recipe(new Fit(), new Fit(), new Distill { Teacher = folder["none.zip"] }) with { Callbacks = [count] };
        Assert.Throws<FileNotFoundException>(() => recipe.Run(TestData.Digits(100)));
        Assert.Equal(0, count.Steps);
    }

    [Fact]
    public void A_hook_behind_a_stage_that_does_not_train_is_a_warning()
    {
        var heard = new Messages();
        (Recipe(new Fit(), new Narrow { Epochs = 0 }, new MagnitudeMask()) with { Callbacks = [heard] }).Run(TestData.Digits(100));
        Assert.Contains("warning: magnitudeMask did nothing, as the stage 'narrow' before it does not train.", heard.Texts);
    }

    [Fact]
    public void A_layer_that_a_stage_removes_stays_away()
    {
        var recipe = Recipe(new Fit(), new WithoutDropout()) with { Model = new Mlp { Hidden = [24], Dropout = 0.5 } };
        var package = ModelPackage.Read(recipe.Run(TestData.Digits()).Package.ToBytes());
        var network = RecordJson.Deserialize<Network>(package.Manifest.Networks["network"].GetRawText());
        Assert.DoesNotContain("dropout", RecordJson.Serialize(network), StringComparison.Ordinal);
        var continued = (Recipe() with { Model = null, ContinueFrom = package }).Run(TestData.Digits()).Package;
        Assert.Equal(package.ReadWeights().Select(w => w.Name), continued.ReadWeights().Select(w => w.Name));
    }

    [Fact]
    public void A_mask_keeps_the_smallest_half_of_each_matrix_at_0()
    {
        var weights = Recipe(new Fit(), new Fit(), new MagnitudeMask { Share = 0.5 }).Run(TestData.Digits()).Package.ReadWeights();
        Assert.Equal(0.5, weights["hidden1.weight"].Data.Average(w => w == 0 ? 1.0 : 0), 2);
        Assert.Equal(0.5, weights["output.weight"].Data.Average(w => w == 0 ? 1.0 : 0), 2);
    }

    [Fact]
    public void A_student_of_only_its_teacher_agrees_with_it()
    {
        var teacher = Teacher(epochs: 12);
        var recipe = Recipe(new Fit { Epochs = 25 }, new Distill { Teacher = teacher, Weight = 1 });
        var student = recipe.Run(TestData.Digits() with { }).Package;
        Assert.InRange(Agreement(ModelFile.Read(teacher), student), 0.9, 1);
    }

    [Fact]
    public void Another_teacher_or_another_setting_of_a_hook_is_another_training()
    {
        var recipe = Recipe(new Fit(), new Distill { Teacher = Teacher(1) }) with { CheckpointPath = folder["checkpoint"] };
        recipe.Run(TestData.Digits());
        var other = recipe with
        {
            Training = recipe.Training with
            {
                Stages = [new Fit(), new Distill { Teacher = folder["teacher.zip"], Weight = 0.9 }],
            },
        };
        Assert.Throws<InvalidDataException>(() => other.Run(TestData.Digits()));
        Teacher(2);
        Assert.Throws<InvalidDataException>(() => recipe.Run(TestData.Digits()));
    }

    [Fact]
    public void Yaml_lists_stages_and_hooks()
    {
        var teacher = Teacher(3);
        File.WriteAllText(folder["s.yaml"], $$"""
            name: stages
            data: { dataset: optdigits }
            network: { type: mlp, hidden: [24] }
            training:
              epochs: 2
              threads: 1
              stages:
                - fit
                - { type: distill, teacher: '{{teacher}}', temperature: 3 }
                - { type: narrow, keep: 16 }
                - { type: magnitudeMask, share: 0.25 }
                - { type: weightAveraging, turns: 2 }
            """);
        var result = new ExperimentRunner(folder["run"]).Run(Experiment.Load(folder["s.yaml"]));
        var package = ModelFile.Read(folder["run/model.zip"]);
        // The last one is what averaging left behind the last training.
        Assert.Equal(
            [("fit", 2), ("narrow", 1), ("weightAveraging", 1), ("weightAveraging", 1), ("weightAveraging", 0)],
            package.Manifest.Trainings.Select(t => (t.Stage!, t.Epochs)));
        Assert.Equal(16, package.ReadWeights()["hidden1.weight"].Dims[0]);
        Assert.InRange(result.Metrics.Test["accuracy"], 0.7, 1);
        Assert.Empty(Directory.EnumerateFiles(folder["run"], "checkpoint*"));
    }

    [Theory]
    [InlineData("{ type: narrow, kep: 3 }", "training.stages[1].kep", "keep")]
    [InlineData("{ type: distill }", "training.stages[1]", "teacher")]
    [InlineData("weightAverageing", "training.stages[1].type", "weightAveraging")]
    public void Yaml_with_a_wrong_stage_says_where_and_what_was_meant(string stage, string path, string hint)
    {
        File.WriteAllText(folder["s.yaml"], $$"""
            name: stages
            data: { dataset: optdigits }
            network: mlp
            training: { stages: [fit, {{stage}}] }
            """);
        var e = Assert.Throws<ConfigurationException>(() => Experiment.Load(folder["s.yaml"]));
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
        Assert.Contains(hint, e.Message, StringComparison.Ordinal);
    }
}
