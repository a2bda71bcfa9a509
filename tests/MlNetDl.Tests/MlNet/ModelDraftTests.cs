using System.Text.RegularExpressions;
using Microsoft.ML;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.Models;
using MlNetDl.Naming;
using MlNetDl.Networks;
using MlNetDl.Onnx;
using MlNetDl.Tests.Onnx;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Tests.MlNet;

/// <summary>What cannot become a model is refused before the first step, not after the last.</summary>
[Collection("torch")]
public sealed class ModelDraftTests
{
    private readonly MLContext ml = new(seed: 1);

    [Theory]
    [InlineData(PredictionTask.Regression, "targets")]
    [InlineData(PredictionTask.Multiclass, "probabilities")]
    [InlineData(PredictionTask.Binary, "probability")]
    public void A_layer_named_as_the_one_that_is_put_behind_it_is_refused_before_training(PredictionTask task, string name)
    {
        // A binary model's own layer is a tap, whose wire is taken by another tap of that name.
        Layer last = new Linear(task == PredictionTask.Multiclass ? 3 : 1) { Name = name };
        var network = new CustomNetwork
        {
            Layers = task == PredictionTask.Binary
                ? new Sequential(new Tap(name), last with { Name = "output" })
                : new Sequential(new Linear(4), last),
        };
        var message = Refused<ShapeException>(task, network);
        Assert.Contains($"not scored with the layer '{name}' that is put behind it", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_without_a_scoring_form_is_refused_before_training()
    {
        Catalogs.Layers.Register<Unscorable>();
        Assert.Contains(
            "It trains only.",
            Refused<NotSupportedException>(
                PredictionTask.Regression,
                new CustomNetwork { Layers = new Sequential(new Linear(1), new Unscorable()) }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Another_name_trains_and_scores()
    {
        var (data, trainer) = TrainerContractTests.Case(
            ml,
            PredictionTask.Regression,
            o => o.Network = new CustomNetwork { Layers = new Sequential(new Linear(1) { Name = "target" }) });
        Assert.Contains(trainer.Fit(data).Package.ReadWeights(), w => w.Name == "target.weight");
    }

    [Fact]
    public void An_image_option_that_contradicts_the_examples_is_refused_before_training()
    {
        var images = new Examples(Shape.Image(1, 4, 6), new byte[4 * 24], new float[] { 1, 2, 3, 4 });
        var (_, trainer) = TrainerContractTests.Case(
            ml, PredictionTask.Regression, o => (o.Image, o.Callbacks) = (new(1, 6, 4), [new NoStep()]));
        Assert.Contains(
            "the input [N, 1, 4, 6] for images of 1 channels, 6 x 4",
            Assert.Throws<ArgumentException>(() => trainer.Fit(images)).Message,
            StringComparison.Ordinal);
        var (_, right) = TrainerContractTests.Case(ml, PredictionTask.Regression, o => o.Image = new(1, 4, 6));
        Assert.Equal(Shape.Image(1, 4, 6), ModelPackage.Read(right.Fit(images).Package.ToBytes()).Manifest.Input);
    }

    /// <summary>Class names are for several classes; a model of yes and no that had two could not be loaded.</summary>
    [Fact]
    public void Class_names_of_a_binary_set_are_left_out()
    {
        var set = new Examples(Shape.Vector(1), new float[] { 1, 2, 3, 4 }, new float[] { 0, 1, 1, 0 }) { ClassNames = ["no", "yes"] };
        Assert.Empty(ModelPackage.Read(TrainerContractTests.Case(ml, PredictionTask.Binary).Trainer
            .Fit(set).Package.ToBytes()).Manifest.ClassNames);
    }

    [Fact]
    public void A_column_of_images_has_one_or_three_channels()
    {
        // Refused by its type: no file is looked for.
        using var folder = new TemporaryFolder();
        var files = ml.Data.LoadFromEnumerable([new Picture { Path = "picture.png" }]);
        var rows = ml.Transforms.LoadImages("Image", folder.Path, "Path").Fit(files).Transform(files);
        var (_, trainer) = TrainerContractTests.Case(
            ml,
            PredictionTask.Regression,
            o => (o.FeatureColumnName, o.LabelColumnName, o.InputShape) = ("Image", "Value", Shape.Image(4, 4, 4)));
        Assert.Contains(
            "Feature column 'Image' holds images, which have 1 (grey) or 3 (colour) channels, but the InputShape "
                + "[N, 4, 4, 4] asks for 4",
            Assert.Throws<ArgumentException>(() => trainer.Fit(rows)).Message,
            StringComparison.Ordinal);
    }

    // In a file both names would be the same.
    [Fact]
    public void Class_names_that_no_file_can_hold_are_refused_before_training()
    {
        var set = new Examples(Shape.Vector(1), new float[] { 1, 2, 3, 4 }, new long[] { 0, 1, 2, 0 })
        {
            ClassNames = ["whole \uD83C\uDF33", "half \uD83C", "half \uDF33"],
        };
        var (_, trainer) = TrainerContractTests.Case(ml, PredictionTask.Multiclass, o => o.Callbacks = [new NoStep()]);
        var message = Assert.Throws<ArgumentException>(() => trainer.Fit(set)).Message;
        Assert.Contains(
            "a name of class 1 that no file can hold: 'half \\uD83C' has half of a surrogate pair; rename the class",
            message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\\uDF33\\uD83C", "\\uDF33\\uD83C")]
    [InlineData("a\\uD83C\\uDF33\\uD83C", "a🌳\\uD83C")]
    [InlineData("🌳 naïve \\uFFFD", null)]
    [InlineData("", null)]
    public void Halves_of_surrogate_pairs_are_shown_by_their_numbers(string escaped, string? shown)
    {
        // An attribute is UTF-8 too.
        string name = Regex.Unescape(escaped);
        Assert.Equal(shown is not null, LoneSurrogates.In(name));
        Assert.Equal(shown ?? name, LoneSurrogates.Shown(name));
        var problem = ManifestProblem.Of(Nets.Package().Manifest with { LabelColumn = name });
        Assert.Equal(shown is null ? null : $"a column that no file can name: '{shown}' has half of a surrogate pair; rename it", problem);
    }

    [Fact]
    public void What_could_not_be_read_is_not_written()
    {
        var package = Nets.Package();
        var wrong = new ModelPackage { Manifest = Nets.Manifest(4, package.Manifest.ClassNames), Graphs = package.Graphs };
        using var stream = new MemoryStream();
        Assert.Contains(
            "3 class names for 4 outputs",
            Assert.Throws<InvalidOperationException>(() => wrong.Write(stream)).Message,
            StringComparison.Ordinal);
        Assert.Equal(0, stream.Length);
    }

    private string Refused<TException>(PredictionTask task, NetworkSpec network) where TException : Exception
    {
        var (data, trainer) = TrainerContractTests.Case(ml, task, o => (o.Network, o.Callbacks) = (network, [new NoStep()]));
        return Assert.Throws<TException>(() => trainer.Fit(data)).Message;
    }

    internal sealed record Unscorable : Elementwise
    {
        public override Tensor Forward(Tensor input, LeafState state) => input * 1;

        public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
            throw new NotSupportedException("It trains only.");
    }

    private sealed class NoStep : Callback
    {
        public override void Starting(TrainingStep step, IReadOnlyList<EpochReport> done) =>
            throw new InvalidTimeZoneException("Training began.");
    }

    private sealed class Picture
    {
        public string Path { get; set; } = "";

        public float Value { get; set; }
    }
}
