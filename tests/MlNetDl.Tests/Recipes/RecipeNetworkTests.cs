using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Metrics;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Onnx;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Tests.Training;
using MlNetDl.Training;
using MlNetDl.Training.Schedules;

namespace MlNetDl.Tests.Recipes;

/// <summary>Models of several heads and several networks through a recipe: trained, saved, continued; and
/// what is refused.</summary>
[Collection("torch")]
public sealed class RecipeNetworkTests
{
    private static readonly TrainingOptions Options = new()
    {
        Epochs = 2,
        BatchSize = 16,
        Threads = 1,
        Seed = 5,
    };

    static RecipeNetworkTests()
    {
        Catalogs.Networks.Register<EncoderDecoder>("encoderDecoderOfTests").Register<TwoInputs>("twoInputsOfTests");
        Catalogs.Steps.Register<Reconstruct>("reconstructOfTests");
        Catalogs.Stages.Register<Grow>("growOfTests");
        Catalogs.Layers.Register<Untrue>();
    }

    private static Recipe Plain => new()
    {
        Task = new MulticlassClassification(),
        Model = new Mlp { Hidden = [8] },
        Training = Options,
    };

    private static Recipe Unlabelled => new() { Model = new EncoderDecoder(), Training = Options };

    private static Examples Rows => Samples.Blobs() with { Targets = null, ClassNames = [] };

    [Theory]
    [InlineData(TapRole.Auxiliary)]
    [InlineData(TapRole.Training)]
    public void Heads_that_only_training_needs_are_kept_beside_the_graph(TapRole role)
    {
        var network = new CustomNetwork
        {
            Layers = new Sequential(new Linear(4), new Tap("early", new Linear(3)) { Role = role }, new Linear(3)),
        };
        var first = (Plain with { Model = network }).Run(Samples.Blobs()).Package;
        Assert.NotEmpty(first.TrainingWeights);
        var second = (Plain with { Model = null, ContinueFrom = ModelPackage.Read(first.ToBytes()) }).Run(Samples.Blobs()).Package;
        Assert.Equal(first.ReadWeights().Select(w => w.Name).Order(), second.ReadWeights().Select(w => w.Name).Order());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_model_of_two_networks_is_continued_from_its_file(bool sameNames)
    {
        var recipe = Unlabelled with { Model = new EncoderDecoder { SameNames = sameNames } };
        var first = ModelPackage.Read(recipe.Run(Rows).Package.ToBytes());
        var still = (recipe with
        {
            Model = null,
            ContinueFrom = first,
            Training = Options with { Optimizer = Options.Optimizer with { LearningRate = 1e-30 } },
        })
            .Run(Rows).Package;
        foreach (var graph in first.Graphs.Keys)
        {
            Samples.AssertSame(OnnxReader.ReadWeights(first.Graphs[graph]), OnnxReader.ReadWeights(still.Graphs[graph]));
        }
    }

    [Fact]
    public void Figures_are_in_the_labels_unit()
    {
        // Standardised targets would have a root mean square of 1, whatever the unit.
        var blobs = Samples.Blobs();
        var examples = blobs with
        {
            Targets = Enumerable.Range(0, blobs.Count).Select(i => 1000f + (50 * (i % 3))).ToArray(),
            ClassNames = [],
        };
        var report = (Plain with
        {
            Task = new Regression(),
            Training = Options with
            {
                Epochs = 1,
                Metrics = [new RootMeanSquaredError()],
                Optimizer = Options.Optimizer with { LearningRate = 1e-30 },
            },
        })
            .Run(examples, examples).Reports[0].Epochs[0];
        Assert.InRange(report.Validation["rmse"], 20, 200);
    }

    [Fact]
    public void A_stage_that_leaves_a_graph_of_something_else_is_refused() => Assert.Contains(
        "computes something else",
        Assert.Throws<InvalidOperationException>(() =>
            (Plain with { Training = Options with { Stages = [new Fit(), new Grow()] } }).Run(Samples.Blobs())).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_later_fit_begins_anew_where_the_one_before_it_went_on()
    {
        using var folder = new TemporaryFolder();
        var told = new Messages();
        Recipe Longer(int epochs) => Plain with
        {
            Training = Options with
            {
                Epochs = epochs,
                Schedule = new Constant(),
                Stages = [new Fit(), new Fit { Epochs = 1 }],
            },
            CheckpointPath = folder["checkpoint"],
            Callbacks = [told],
        };
        Longer(1).Run(Samples.Blobs());
        var resumed = Longer(3).Run(Samples.Blobs());
        Assert.Contains(told.Told, m => m.StartsWith("Fit 2 begins anew", StringComparison.Ordinal));
        Assert.Equal((Longer(3) with { CheckpointPath = null }).Run(Samples.Blobs()).Package.ToBytes(), resumed.Package.ToBytes());
    }

    [Fact]
    public void A_checkpoint_of_another_model_is_refused()
    {
        using var folder = new TemporaryFolder();
        var recipe = Unlabelled with { CheckpointPath = folder["checkpoint"] };
        recipe.Run(Rows);
        var other = recipe with { Model = new EncoderDecoder { Decoder = "another", SameNames = false } };
        Assert.Contains(
            "is of another training",
            Assert.Throws<InvalidDataException>(() => other.Run(Rows)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_model_leaves_open_is_refused_before_training()
    {
        Assert.Contains(
            "Nothing gives the values of input 'other' of graph 'model'",
            Refused(Unlabelled with { Model = new TwoInputs() }),
            StringComparison.Ordinal);
        Assert.Contains(
            "takes the weights of 'decodr', but the networks are encoder and decoder",
            Refused(Unlabelled with { Model = new EncoderDecoder { SameNames = true, Decoder = "decodr" } }),
            StringComparison.Ordinal);
        Assert.Contains(
            "without a task needs a model that is trained without labels",
            Refused(Plain with { Task = null }),
            StringComparison.Ordinal);
        Assert.Contains("Training", Refused(Plain with { Training = null! }), StringComparison.Ordinal);

        static string Refused(Recipe recipe) => Assert.ThrowsAny<ArgumentException>(() => recipe.Run(Rows)).Message;
    }

    private sealed class Messages : Callback
    {
        public List<string> Told { get; } = [];

        public override void Message(string text) => Told.Add(text);
    }
}
