using System.Globalization;
using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Generative;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Tests.Contracts;

/// <summary>Every leaf keeps the contract, over a table with at least one instance of each.</summary>
[Collection("torch")]
public sealed class LayerContractTests
{
    private static readonly Shape Image = Shape.Image(4, 9, 7);
    private static readonly Shape Vector = Shape.Vector(6);
    private static readonly Shape Sequence = new(ElementType.Float32, [Dim.Batch, "T", 6]);

    private static readonly (Leaf Leaf, Shape[] Inputs)[] Table =
    [
        (new Conv2d(5, 3), [Image]),
        (new Conv2d(6, 3, 2, 1) { Bias = false }, [Image]),
        (new Conv2d(8, 3) { Groups = 2, Dilation = 2 }, [Image]),
        (new Conv2d(4, 3, 1, 1) { Groups = 4 }, [Image]),
        (new Conv2d(8, 3, 1, 1) { Groups = 4 }, [Image]),
        (new Conv2d(3, 3, 2) { PaddingMode = PaddingMode.Same }, [Image]),
        (new Conv2d(3, 4) { PaddingMode = PaddingMode.Same }, [Image]),
        (new Conv2d(16, 3), [Image]),
        (new Conv2d(32, 3, 2, 1) { Bias = false }, [Image]),
        (new Conv2d(16, 3, 2) { PaddingMode = PaddingMode.Same }, [Image]),
        (new Conv2d(16, 4) { PaddingMode = PaddingMode.Same }, [Image]),
        (new Linear(3), [Vector]),
        (new Linear(3) { Bias = false }, [Sequence]),
        (new Linear(2), [Sequence]),
        (new BatchNorm2d(), [Image]),
        (new BatchNorm2d(1e-3), [Vector]),
        (new Normalize([1, 2, 3, 4], [2, 2, 4, 4]), [Image]),
        (new Normalize([0.5f], [3]), [Vector]),
        (new Normalize([1, 2, 3], [2]), [new(ElementType.Float32, [Dim.Batch, 3, 5])]),
        (new Denormalize([1, 2, 3, 4, 5, 6], [2]), [Vector]),
        (new Dropout(0.4), [Vector]),
        (new ReLU(), [Image]),
        (new LeakyReLU(0.1), [Image]),
        (new Sigmoid(), [Vector]),
        (new Tanh(), [Vector]),
        (new ScaledTanh(), [Vector]),
        (new Softmax(), [Vector]),
        (new Softmax(), [Sequence]),
        (new Softmax(), [Image]),
        (new MaxPool2d(2), [Image]),
        (new MaxPool2d(3, 2) { Ceil = true }, [Image]),
        (new MaxPool2d(3, 2, 1), [Image]),
        (new AvgPool2d(2), [Image]),
        (new AvgPool2d(3, 2, 1), [Image]),
        (new AvgPool2d(3, 2, 1) { CountIncludePad = false }, [Image]),
        (new AvgPool2d(2) { Ceil = true }, [Image]),
        (new AvgPool2d(3, 2, 1) { Ceil = true }, [Image]),
        (new MaxPool2d(2, 3) { Ceil = true }, [Image]),
        (new AvgPool2d(2, 2, 1) { Ceil = true }, [Image]),
        (new TrainableSubsampling(), [Image]),
        (new GlobalAvgPool(), [Image]),
        (new GlobalMaxPool(), [Image]),
        (new AdaptiveAvgPool2d(4), [Image]),
        (new LocalResponseNorm(3), [Image]),
        (new Flatten(), [Image]),
        (new Flatten(), [new(ElementType.Float32, [Dim.Batch, 3, 5])]),
        (new Identity(), [Image]),
        (new Embedding(11, 5), [Shape.Tokens()]),
        (new Embedding(11, 5) { PaddingIndex = 3, WeightInit = new NormalInit(0.4) }, [Shape.Tokens()]),
        (new ConnectionTableConv2d([[0, 1], [1, 2, 3], [3]], 3), [Image]),
        (new ConnectionTableConv2d([[2], [], [3]], 3), [Image]),
        (
            new ConnectionTableConv2d(
                [.. Enumerable.Range(0, 16).Select(i => (ValueList<int>)[i % 4, (i + 1) % 4])], 3),
            [Image]),
        (new RadialBasis([[1, -1, 1, -1, 1, -1], [1, 1, 1, -1, -1, -1]]), [Vector]),
        (new SquaredDistances(3), [Vector]),
        (new PadChannels(7, 2), [Image]),
        (new PadChannels(4, 2), [Image]),
        (new PadChannels(9) { Before = 4 }, [Image]),
        (new Sum(), [Image, Image]),
        (new Product(), [Vector, Vector, Vector]),
        (new Product(), [Image, Shape.Vector(4)]),
        (new Product(), [Shape.Image(4, 1, 1), Image, Shape.Vector(4)]),
        (new Product(), [Shape.Vector(4), Shape.Image(4, 1, 1)]),
        (new Concat(), [Image, Shape.Image(2, 9, 7)]),
        (new Concat(), [Sequence, Sequence]),
        (new StraightThrough(), [Image]),
        (new StraightThrough { Function = JumpFunction.Round, Low = -2, High = 2 }, [Vector]),
        (new GumbelSoftmax(), [Vector]),
        (new GumbelSoftmax(0.7) { Hard = false }, [Vector]),
        (new TopK(2), [Vector]),
        (new TopK(6), [Vector]),
        (new ConvTranspose2d(3, 4, 2, 1), [Image]),
        (new ConvTranspose2d(5, 3, 3) { OutputPadding = 2, Bias = false, WeightInit = new NormalInit(0.2) }, [Image]),
        (new Unflatten(2, 1, 3), [Vector]),
        (new Reparameterize("noise"), [Vector, Vector]),
        (new Reparameterize("noise", "logVariance"), [Vector, Vector, Vector]),
        (new TransposedLinear(3), [Vector]),
        (new TransposedLinear(4) { WeightInit = new NormalInit(0.2) }, [Vector]),
        (new Bias(), [Vector]),
        (new Bias { Init = new NormalInit(0.5) }, [Vector]),
        (new GaussianNoise(0.4), [Vector]),
        (new GaussianNoise(), [Image]),
        (new MaskingNoise(0.4), [Vector]),
        (new MaskingNoise(), [Image]),
        (new Planes(3, 2), [Vector]),
        (new NegativeElbo(new Gaussian { Variance = 0.5 }, "observed"), [Vector, Vector]),
        (new NegativeElbo(new Gaussian { Variance = 2 }, "observed") { Prior = new StandardNormal(), Mean = "mean", LogVariance = "logVariance" },
            [Vector, Vector, Vector, Vector]),
        (new NegativeElbo(new Gaussian { Variance = 2 }, "observed") { Prior = new Tilted { Tau = 3 }, Mean = "mean" }, [Vector, Vector, Vector]),
        (new HardRows("exit"), [Image, Vector]),
        (new HardRows("exit") { By = ExitRule.Confidence }, [Vector, Shape.Vector(1)]),
    ];

    /// <summary>Leaves that read numbers of rows, within trees that make some.</summary>
    private static readonly LayerSample[] Trees =
    [
        new(Exit(new HardRows("exit") { Threshold = 0.8 }), Vector),
        new(Exit(new HardRows("exit") { By = ExitRule.Confidence, Threshold = 0.6 }), Vector),
        new(
            new Sequential(
                new Tap("gate", new Sequential(new Linear(2), new ReLU())),
                new Branches(
                    new AddRows("gate", 2),
                    new Sequential(new OpenRows("gate"), new Linear(3), new Tanh()),
                    new Sequential(new OpenRows("gate", 1), new Linear(3)))),
            Vector),
        new(
            new Sequential(
                new Tap("gate", new Sequential(new GlobalAvgPool(), new Flatten(), new Linear(1), new ReLU())),
                new Branches(new AddRows("gate"), new Identity(), new Sequential(new OpenRows("gate"), new Conv2d(4, 3, 1, 1)))),
            Image),
    ];

    private static readonly ContractCases Cases = Table.Index()
        .Aggregate(new ContractCases(), (cases, row) => cases.Add(
            $"{row.Index} {row.Item.Leaf}",
            LayerContract.Of(new LayerSample(row.Item.Leaf, row.Item.Inputs) { Tokens = 11 }),
            [.. Excuses(row.Item.Leaf)]));

    private static readonly ContractCases OfTrees = Trees.Index().Aggregate(
        new ContractCases(), (cases, row) => cases.Add($"{row.Index} {row.Item}", LayerContract.Of(row.Item)));

    public static TheoryData<string, string> Kept => Cases.Kept;

    public static TheoryData<string, string> Excused => Cases.Excused;

    public static TheoryData<string, string> KeptByTrees => OfTrees.Kept;

    /// <summary>Rows of leaves that ask for a rank; the others take any.</summary>
    public static TheoryData<int> RankedRows => [.. Enumerable.Range(0, Table.Length)
        .Where(i => Table[i].Leaf is not (Elementwise or Join or Flatten) or LocalResponseNorm)];

    [Fact]
    public void Every_leaf_of_the_library_stands_in_the_table_and_in_the_catalog()
    {
        var leaves = typeof(Conv2d).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Layer)) && !t.IsAbstract).ToHashSet();
        Assert.Empty(leaves.Where(t => t.IsSubclassOf(typeof(Leaf))).Except(Table.Select(r => r.Leaf.GetType()))
            .Except([typeof(MergeRows), typeof(OpenRows), typeof(AddRows)]));
        Assert.Empty(leaves.Except(Catalogs.Layers.Entries.Select(e => e.Type)));
    }

    [Theory]
    [MemberData(nameof(Kept))]
    public void Every_leaf_keeps_the_contract(string leaf, string fact) => Cases.Run(leaf, fact);

    [Theory]
    [MemberData(nameof(Excused))]
    public void What_a_leaf_is_excused_from_it_cannot_keep(string leaf, string fact) => Cases.RunExcused(leaf, fact);

    [Theory]
    [MemberData(nameof(KeptByTrees))]
    public void Every_tree_of_leaves_keeps_the_contract(string tree, string fact) => OfTrees.Run(tree, fact);

    [Theory]
    [MemberData(nameof(RankedRows))]
    public void An_input_of_another_rank_is_a_managed_error_that_names_the_place(int row)
    {
        var leaf = Table[row].Leaf;
        var wrong = new Shape(ElementType.Float32, [Dim.Batch, 2, 2, 2, 2]);
        var network = new Network(
            new Sequential(
                new Sequential(new Branches(new Concat(), leaf with { Name = "culprit" }) { Name = "block" })),
            wrong);
        Assert.StartsWith("0/block/culprit: ", Assert.Throws<ShapeException>(network.Plan).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Fact, string Because)> Excuses(Leaf leaf)
    {
        if (leaf is NegativeElbo)
        {
            yield return (LayerContract.Coupling, "it stands in scoring graphs alone, which no stage cuts");
        }

        if (leaf is StraightThrough or GumbelSoftmax { Hard: true })
        {
            yield return (LayerContract.Gradients, "it jumps, and gradients are those of another function");
        }

        if (leaf is HardRows)
        {
            yield return (LayerContract.RowByRow, "it publishes the numbers that rows have in the batch");
            yield return (LayerContract.Gradients, "an exit learns by a loss of its own");
        }
    }

    private static Sequential Exit(HardRows rows) => new(
        new Tap("exit", new Linear(3) { Name = "head" }) { Role = TapRole.Auxiliary },
        rows,
        new Linear(5),
        new ReLU(),
        new Linear(3),
        new MergeRows("exit"));

    public static TheoryData<LocalResponseNorm, string> BadNorms => new()
    {
        { new(4), "size must be odd but is 4" },
        { new(0), "size must be 1 or more but is 0" },
        { new() { Alpha = 0 }, "alpha must be above 0" },
        { new() { Alpha = -1e-4 }, "alpha must be above 0" },
        { new() { Alpha = 1e-50 }, "alpha must be above 0 and finite in float32 but is 1E-50" },
        { new() { Beta = 0 }, "beta must be above 0" },
        { new() { Beta = double.NaN }, "beta must be above 0" },
        { new() { K = 0 }, "k must be above 0" },
    };

    [Theory]
    [MemberData(nameof(BadNorms))]
    public void What_ONNX_Runtime_cannot_normalise_is_refused(LocalResponseNorm norm, string message) =>
        Assert.StartsWith(
            $"network.root.{message}",
            Assert.Throws<ArgumentException>(new Network(norm, Image).Plan).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Numbers_in_messages_do_not_depend_on_the_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CommaCulture();
            Assert.Contains(
                "but is 1.5.",
                Assert.Throws<ArgumentException>(new Network(new Dropout(1.5), Vector).Plan).Message,
                StringComparison.Ordinal);
            Assert.Contains(
                "but is -0.5.",
                Assert.Throws<ArgumentException>(new Network(new LocalResponseNorm { K = -0.5 }, Image).Plan).Message,
                StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        static CultureInfo CommaCulture()
        {
            var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NegativeSign) = (",", "~");
            return culture;
        }
    }
}
