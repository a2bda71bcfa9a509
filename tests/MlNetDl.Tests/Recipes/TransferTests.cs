using Microsoft.ML;
using MlNetDl.Compression;
using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;

namespace MlNetDl.Tests.Recipes;

/// <summary>Trainings that start from a saved model: what is taken, what is drawn, what stays as it is.</summary>
[Collection("torch")]
public sealed class TransferTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<string> said = [];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void With_the_same_classes_all_weights_are_taken()
    {
        var model = Saved();
        var start = Run(new Mlp { Hidden = [8], From = model }, Blobs(3), steps: 0.0);
        Assert.Equal(Values(ModelFile.Read(model)), Values(start));
        Assert.Contains(said, s => s == $"The model of network.from, '{model}', gives 59 of 59 weights to start from.");
    }

    [Fact]
    public void With_other_classes_the_head_is_drawn_and_the_rest_taken()
    {
        var model = Saved();
        var (before, after) = (ModelFile.Read(model), Run(new Mlp { Hidden = [8], From = model }, Blobs(2), steps: 0.0));
        Assert.Equal(["a", "b"], after.Manifest.ClassNames);
        Assert.Equal(Values(before, "hidden1"), Values(after, "hidden1"));
        Assert.Equal(Values(before, "preprocessing"), Values(after, "preprocessing"));
        Assert.NotEqual(Values(before, "output")[..16], Values(after, "output")[..16]);
        Assert.Contains(said, s => s.EndsWith(
            "gives 32 of 50 weights to start from; those of the head (output) are drawn, as it has the classes [a, b, c].", StringComparison.Ordinal));
    }

    [Fact]
    public void Another_task_has_a_head_of_its_own_and_its_own_scale()
    {
        var model = Saved();
        var blobs = Blobs(3);
        var numbers = blobs with { Targets = ((long[])blobs.Targets!).Select(t => 100f + t).ToArray(), ClassNames = [] };
        var after = Run(new Mlp { Hidden = [8], From = model }, numbers, steps: 0.0, new Regression());
        Assert.Equal(Values(ModelFile.Read(model), "hidden1"), Values(after, "hidden1"));
        Assert.Equal(101, after.Manifest.Scale!.Mean[0], 1e-3);
        Assert.Contains(said, s => s.Contains("are drawn, as it is for multiclass, this training for regression", StringComparison.Ordinal));
    }

    [Fact]
    public void Values_get_a_head_and_a_scale_of_their_own()
    {
        var blobs = Blobs(3);
        Examples Numbers(float from) => blobs with { Targets = ((long[])blobs.Targets!).Select(t => from + t).ToArray(), ClassNames = [] };
        var model = Saved(new Mlp { Hidden = [8] }, Numbers(100), new Regression());
        var after = Run(new Mlp { Hidden = [8], From = model }, Numbers(0), steps: 0.0, new Regression());
        Assert.Equal(1, after.Manifest.Scale!.Mean[0], 1e-3);
        Assert.NotEqual(Values(ModelFile.Read(model), "output"), Values(after, "output"));
        Assert.Contains(said, s => s.EndsWith("are drawn, as values are standardised anew.", StringComparison.Ordinal));
    }

    [Fact]
    public void Yes_and_no_of_another_column_get_a_head_of_their_own()
    {
        var blobs = Blobs(2);
        var yes = blobs with { Targets = ((long[])blobs.Targets!).Select(t => (float)t).ToArray(), ClassNames = [] };
        var model = Saved(new Mlp { Hidden = [8] }, yes, new BinaryClassification());
        var task = new BinaryClassification();
        var start = Recipe(new Mlp { Hidden = [8], From = model }, 0) with { Task = task };
        Assert.Equal(Values(ModelFile.Read(model)), Values(start.Run(yes).Package));
        Assert.NotEqual(Values(ModelFile.Read(model), "output"), Values((start with { LabelColumn = "Fraud" }).Run(yes).Package, "output"));
        Assert.Contains(said, s => s.EndsWith("as it predicts 'Label', and this training 'Fraud'.", StringComparison.Ordinal));
    }

    [Fact]
    public void Stages_that_change_weights_do_not_go_with_frozen_ones()
    {
        var model = Saved();
        var recipe = Recipe(new Mlp { Hidden = [8], From = model, Freeze = ["backbone"] });
        foreach (var stage in new Stage[] { new MagnitudePruning { Amount = 0.5 }, new BornAgain { Epochs = 1 } })
        {
            Assert.Contains("network.freeze keeps weights as they are, and the stage '",
                Refused(recipe with { Training = recipe.Training with { Stages = [new Fit(), stage] } }, Blobs(3)), StringComparison.Ordinal);
        }

        Assert.NotNull((recipe with { Training = recipe.Training with { Stages = [new Fit()] } }).Run(Blobs(3)).Package);
    }

    [Theory]
    [InlineData("backbone")]
    [InlineData("hidden1,hidden2")]
    public void Frozen_layers_stay_as_they_are_and_others_move(string freeze)
    {
        var model = Saved(new Mlp { Hidden = [8, 8] });
        var after = Run(new Mlp { Hidden = [8, 8], From = model, Freeze = [.. freeze.Split(',')] }, Blobs(3));
        var before = ModelFile.Read(model);
        Assert.Equal(Values(before, "hidden"), Values(after, "hidden"));
        Assert.NotEqual(Values(before, "output"), Values(after, "output"));
        Assert.Contains("network.freeze: 104 of 131 weights stay as they are, those of 2 layers.", said);
    }

    [Fact]
    public void Frozen_normalisations_keep_their_statistics()
    {
        var images = Images();
        var network = new CifarResNet { Depth = 8 };
        var model = Saved(network, images);
        var after = Run(network with { From = model, Freeze = ["backbone"] }, images);
        var before = ModelFile.Read(model);
        Assert.Equal(Values(before, "", head: "output"), Values(after, "", head: "output"));
        Assert.NotEqual(Values(before, "output"), Values(after, "output"));
        // A part of the layers: only its own statistics stay.
        var part = Run(network with { From = model, Freeze = ["conv1"] }, images);
        Assert.Equal(Values(before, "conv1"), Values(part, "conv1"));
        Assert.NotEqual(Values(before, "", head: "output"), Values(part, "", head: "output"));
    }

    [Fact]
    public void Frozen_layers_without_a_model_to_start_from_are_warned_of()
    {
        Run(new Mlp { Hidden = [8], Freeze = ["backbone"] }, Blobs(3));
        Assert.Contains(said, s => s.StartsWith("warning: Frozen layers have weights that were drawn", StringComparison.Ordinal));
    }

    [Fact]
    public void A_saved_model_says_nothing_of_where_it_started_and_trains_whole_again()
    {
        var model = Saved();
        var frozen = Run(new Mlp { Hidden = [8], From = model, Freeze = ["backbone"] }, Blobs(3));
        var again = Recipe(null) with { ContinueFrom = frozen };
        Assert.NotEqual(Values(frozen, "hidden1"), Values(again.Run(Blobs(3)).Package, "hidden1"));
    }

    [Fact]
    public void A_model_to_continue_from_gets_a_new_head_where_that_is_asked_for()
    {
        var model = ModelFile.Read(Saved());
        var other = Blobs(2);
        foreach (var network in new[] { null, new Mlp { Hidden = [8] } })
        {
            var after = (Recipe(network, 0) with { ContinueFrom = model, NewHead = true }).Run(other).Package;
            Assert.Equal(2, after.Manifest.Outputs);
            Assert.Equal(Values(model, "hidden1"), Values(after, "hidden1"));
        }

        Assert.Contains("or draw a new head for it (NewHead)", Refused(Recipe(null) with { ContinueFrom = model }, other), StringComparison.Ordinal);
        // Also for the same classes, where it is asked for.
        Assert.NotEqual(Values(model, "output"), Values((Recipe(null, 0) with { ContinueFrom = model, NewHead = true }).Run(Blobs(3)).Package, "output"));
    }

    [Fact]
    public void What_does_not_fit_is_one_error()
    {
        var model = Saved();
        Assert.Contains($"The model of network.from, '{model}', has another network or input: Weight 'hidden1.weight' has dimensions [8, 3]",
            Refused(Recipe(new Mlp { Hidden = [5], From = model }), Blobs(3)), StringComparison.Ordinal);
        var deep = Saved(new Mlp { Hidden = [8, 8, 8] });
        Assert.Contains("has another network: it has hidden3 besides, which this one lacks; name the same layers",
            Refused(Recipe(new Mlp { Hidden = [8, 8], From = deep }), Blobs(2)), StringComparison.Ordinal);
        model = Saved();
        Assert.Contains("takes inputs [N, 3], the data gives [N, 2]",
            Refused(Recipe(new Mlp { Hidden = [8], From = model }), Blobs(3) with { Shape = Shape.Vector(2), Features = new float[60 * 2], }),
            StringComparison.Ordinal);
        Assert.Contains("but it takes a model that was saved by this library, a .zip", Refused(Recipe(new Mlp { From = "model.onnx" }), Blobs(3)),
            StringComparison.Ordinal);
        Assert.Contains("network.freeze names 'conv1', but no layer with weights is there; it may name backbone, all layers but the head, or a layer by the "
            + "beginning of its path: hidden1, output.", Refused(Recipe(new Mlp { Hidden = [8], Freeze = ["conv1"] }), Blobs(3)), StringComparison.Ordinal);
        Assert.Contains("network.freeze (backbone, output) leaves no layer to train",
            Refused(Recipe(new Mlp { Hidden = [8], Freeze = ["backbone", "output"] }), Blobs(3)), StringComparison.Ordinal);
        Assert.Contains("leave one of the two out",
            Refused(Recipe(new Mlp { Hidden = [8], From = model }) with { ContinueFrom = ModelFile.Read(model) }, Blobs(3)), StringComparison.Ordinal);
        Assert.Contains("network.network is a part of EarlyExit, which says neither 'from' nor 'freeze'; write them beside it",
            Refused(Recipe(new EarlyExit { Network = new CifarResNet { Depth = 8, From = model }, Exits = [new Exit { After = "norm1" }] }), Images()),
            StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => Recipe(new Mlp { From = folder["none.zip"] }).Run(Blobs(3)));
    }

    [Fact]
    public void A_backbone_serves_images_of_another_size_where_its_weights_do()
    {
        var model = Saved(new CifarResNet { Depth = 8 }, Images());
        var large = Images(16);
        Assert.Equal(2, Run(new CifarResNet { Depth = 8, From = model }, large, steps: 0).Manifest.Outputs);
    }

    private static string Refused(Recipe recipe, Examples examples) => Assert.Throws<ArgumentException>(() => recipe.Run(examples)).Message;

    private string Saved(NetworkSpec? network = null, Examples? examples = null, LearningTask? task = null)
    {
        var package = (Recipe(network ?? new Mlp { Hidden = [8] }) with { Task = task ?? new MulticlassClassification() }).Run(examples ?? Blobs(3)).Package;
        var ml = new MLContext();
        using var model = NeuralNetworkTransformer.Of(ml, package);
        ml.Model.SaveAtomically(model, null, folder["model.zip"]);
        said.Clear();
        return folder["model.zip"];
    }

    private ModelPackage Run(NetworkSpec network, Examples examples, double steps = 0.01, LearningTask? task = null) =>
        (Recipe(network, steps) with { Task = task ?? new MulticlassClassification() }).Run(examples).Package;

    // A rate of next to nothing leaves the weights where they start, to the last digit.
    private Recipe Recipe(NetworkSpec? network, double rate = 0.01) => new()
    {
        Task = new MulticlassClassification(),
        Model = network,
        Training = new()
        {
            Epochs = 2,
            BatchSize = 16,
            Seed = 3,
            Threads = 1,
            Device = "cpu",
            Optimizer = new Sgd { LearningRate = Math.Max(rate, 1e-30), Momentum = 0 },
        },
        Callbacks = [new Listener(said)],
    };

    private static Examples Blobs(int classes)
    {
        var random = new Random(1);
        return new(
            Shape.Vector(3),
            Enumerable.Range(0, 60).SelectMany(i => new[] { (i % classes) + random.NextSingle(), random.NextSingle(), -(i % classes) }).ToArray(),
            Enumerable.Range(0, 60).Select(i => (long)(i % classes)).ToArray())
        { ClassNames = [.. new[] { "a", "b", "c" }.Take(classes)] };
    }

    private static Examples Images(int side = 8)
    {
        var random = new Random(2);
        return new(
            Shape.Image(1, side, side),
            Enumerable.Range(0, 32 * side * side).Select(i => (byte)(random.Next(100) + (i / (side * side) % 2 * 100))).ToArray(),
            Enumerable.Range(0, 32).Select(i => (long)(i % 2)).ToArray())
        { ClassNames = ["a", "b"] };
    }

    // Of all layers whose path begins so; without those of the head.
    private static float[] Values(ModelPackage package, string layers = "", string? head = null) =>
        [.. package.ReadWeights(NetworkSpec.NetworkName)
            .Where(w => w.Name.StartsWith(layers, StringComparison.Ordinal) && (head is null || !w.Name.StartsWith(head, StringComparison.Ordinal)))
            .OrderBy(w => w.Name, StringComparer.Ordinal).SelectMany(w => w.Data)];

    private sealed class Listener(List<string> said) : Callback
    {
        public override void Message(string text) => said.Add(text);
    }
}
