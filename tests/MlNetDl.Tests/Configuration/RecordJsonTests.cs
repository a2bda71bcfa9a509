using CsCheck;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Training;
using MlNetDl.Training.Augmentation;
using MlNetDl.Training.Losses;
using MlNetDl.Training.Optimizers;
using MlNetDl.Training.Schedules;

namespace MlNetDl.Tests.Configuration;

public sealed class RecordJsonTests
{
    public static IEnumerable<object[]> Entries => Catalogs.All.SelectMany(
        c => c.Entries.Where(e => e.Type.Assembly == c.BaseType.Assembly).Select(e => new object[] { c.Kind, e.Name }));

    [Theory]
    [MemberData(nameof(Entries))]
    public void Names_are_camel_case_and_every_component_that_needs_nothing_can_be_named_bare_in_any_case(string kind, string name)
    {
        Assert.Matches("^[a-z][A-Za-z0-9]*$", name);
        var catalog = Catalogs.All.Single(c => c.Kind == kind);
        Assert.Same(catalog.Find(name), catalog.Find(name.ToUpperInvariant()));
        Assert.NotEqual("", catalog.Find(name).Summary);
    }

    [Fact]
    public void No_component_of_the_library_is_missing_from_its_catalog()
    {
        foreach (var catalog in Catalogs.All)
        {
            // What is internal is started by its model alone, such as the step of an autoencoder.
            var types = catalog.BaseType.Assembly.GetTypes().Where(t => t.IsSubclassOf(catalog.BaseType) && !t.IsAbstract && t.IsPublic);
            // A probe hands what it has measured to the program that made it, so no file can use it.
            Assert.Empty(types.Except(catalog.Entries.Select(e => e.Type))
                .Except([typeof(global::MlNetDl.Compression.SensitivityProbe), typeof(global::MlNetDl.Compression.ExitProbe)]));
        }
    }

    [Fact]
    public void Options_round_trip_whatever_their_values()
    {
        var optimizers = Gen.OneOf(
            Gen.Select(
                Gen.Double[1e-6, 1],
                Gen.Double[0, 0.99],
                Gen.Bool,
                (r, m, n) => (Optimizer)new Sgd
                {
                    LearningRate = r,
                    Momentum = m,
                    Nesterov = n,
                }),
            Gen.Select(
                Gen.Double[1e-6, 1],
                Gen.Double[0, 0.99],
                (r, b) => (Optimizer)new Adam { LearningRate = r, Beta1 = b }),
            Gen.Double[0, 1].Select(d => (Optimizer)new AdamW { WeightDecay = d }));
        var schedules = OneOf<Schedule>(
            new Constant(), new Step { Gamma = 0.3 }, new Cosine { Floor = 0.1, WarmUp = 0.05 }, new OneCycle());
        var losses = OneOf<Loss?>(
            null,
            new CrossEntropy { LabelSmoothing = 0.1 },
            new BinaryCrossEntropy { PositiveWeight = 3 },
            new MeanSquaredError(),
            new MeanAbsoluteError(),
            new Huber { Delta = 2 });
        Gen.Select(
            optimizers,
            schedules,
            losses,
            Gen.Int[1, 1000],
            Gen.Double[0, 5].Array[0, 4],
            (o, s, l, e, w) => new TrainingOptions
            {
                Optimizer = o,
                Schedule = s,
                Loss = l,
                Epochs = e,
                ClassWeights = ClassWeights.Of([.. w.Select((weight, i) => ($"class {i}", weight))]),
                EarlyStopping = e % 2 == 0 ? null : new() { Patience = e },
                Augmentations = [new HorizontalFlip(), new RandomCrop { Padding = 2 }],
                Precision = e % 3 == 0 ? Precision.BFloat16 : Precision.Float32,
            }).Sample(
            options => Assert.Equal(options, RecordJson.Deserialize<TrainingOptions>(RecordJson.Serialize(options))),
            seed: "0000KOIPe036",
            iter: 200);
    }

    [Fact]
    public void A_bare_name_an_alias_and_any_place_of_the_type_mean_the_same()
    {
        Assert.Equal(new ResNet { Depth = 34 }, RecordJson.Deserialize<NetworkSpec>("\"RESNET34\""));
        Assert.Equal(new ResNet { Depth = 34 }, RecordJson.Deserialize<NetworkSpec>("""{ "depth": 34, "type": "ResNet" }"""));
        Assert.Equal(new ResNet { Depth = 34 }, RecordJson.Deserialize<NetworkSpec>("""{ "type": "resNet34", "depth": 34 }"""));
        Assert.Contains(
            "'resNet34' means depth 34, but 50 is given",
            Problem("""{ "type": "resNet34", "depth": 50 }"""),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_layers_is_a_sequence() => Assert.Equal(
        new CustomNetwork { Layers = new Sequential(new Linear(8), new Sequential(new ReLU(), new Tanh()), new Linear(2)) },
        RecordJson.Deserialize<NetworkSpec>(
            """{ "type": "custom", "layers": [{ "type": "linear", "out": 8 }, ["relu", "tanh"], { "type": "linear", "out": 2 }] }"""));

    [Theory]
    [InlineData("""{ "type": "mlp", "hiden": [1] }""", "hiden: unknown key 'hiden'; did you mean 'hidden'?")]
    [InlineData("""{ "type": "mpl" }""", "type: there is no network 'mpl'; did you mean 'mlp'?")]
    [InlineData("""{ "hidden": [1] }""", "the key 'type' is missing: it names the network.")]
    [InlineData("""{ "type": "mlp", "hidden": [1, "x"] }""", "hidden[1]: expected a whole number but got the text 'x'.")]
    [InlineData("""{ "type": "mlp", "hidden": [1.5] }""", "hidden[0]: expected a whole number but got 1.5.")]
    [InlineData("""{ "type": "mlp", "dropout": true }""", "dropout: expected a number but got true.")]
    [InlineData("""{ "type": "leNet5", "pooling": "sum" }""", "pooling: 'sum' is none of the values max, average.")]
    [InlineData("""{ "type": "leNet5", "pooling": "averages" }""", "pooling: 'averages' is none of the values max, average; did you mean 'average'?")]
    [InlineData("""{ "type": "custom" }""", "the key 'layers' is missing: the tree of layers, or a list of layers")]
    [InlineData(
        """{ "type": "custom", "layers": { "type": "conv2d", "out": 3 } }""",
        "layers: the key 'kernel' is missing: side of the square kernel.")]
    [InlineData(
        """{ "type": "custom", "layers": [{ "type": "linear", "out": 3 }, "linaer"] }""",
        "layers[1].type: there is no layer 'linaer'; did you mean 'linear'?")]
    [InlineData("""{ "type": "custom", "layers": null }""", "layers: has no value; expected the name of a layer, such as ")]
    [InlineData("""{ "type": "mlp", "hidden": [1, null] }""", "hidden[1]: has no value; expected a whole number.")]
    [InlineData(
        """{ "type": "resNet", "depth": null }""",
        "depth: has no value; expected a whole number. Without the key, its default is taken.")]
    [InlineData(
        """{ "type": "custom", "layers": { "type": "sequential", "children": [{ "type": "branches", "join": "relu", "children": [] }, "linaer"] } }""",
        "layers.children[1].type: there is no layer 'linaer'; did you mean 'linear'?")]
    [InlineData("[1]", "expected a network, as a name or as keys with 'type', but got a list.")]
    [InlineData("{", "the text is not JSON")]
    public void Errors_say_where_what_was_expected_and_what_came(string json, string message) =>
        Assert.Contains(message, Problem(json), StringComparison.Ordinal);

    [Fact]
    public void A_hosts_own_layers_and_networks_are_used_by_name()
    {
        Catalogs.Layers.Register<Doubling>();
        var layer = new Sequential(new Doubling { Factor = 3 });
        Assert.Equal(layer, RecordJson.Deserialize<Layer>(RecordJson.Serialize<Layer>(layer)));
        Assert.Equal(new Doubling(), RecordJson.Deserialize<Layer>("\"doubling\""));
        Assert.Throws<ArgumentException>(() => Catalogs.Layers.Register<Doubling>());
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static string Problem(string json) =>
        Assert.Throws<ConfigurationException>(() => RecordJson.Deserialize<NetworkSpec>(json)).Message;

    internal sealed record Doubling : Elementwise
    {
        public double Factor { get; init; } = 2;

        public override TorchSharp.torch.Tensor Forward(TorchSharp.torch.Tensor input, LeafState state) =>
            input * Factor;

        public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
            throw new NotSupportedException();
    }
}
