using System.Globalization;
using System.Reflection;
using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Torch;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Contracts;

/// <summary>What every leaf must keep, over a table with at least one instance of each.</summary>
[Collection("torch")]
public sealed class LayerContractTests
{
    private static readonly Shape Image = Shape.Image(4, 9, 7);
    private static readonly Shape Vector = Shape.Vector(6);
    private static readonly Shape Sequence = new(ElementType.Float32, [Dim.Batch, "T", 6]);

    /// <summary>Leaves that cannot be pruned structurally, and why.</summary>
    private static readonly Dictionary<Type, string> CannotCouple = new()
    {
        [typeof(ConnectionTableConv2d)] = "its table names channels one by one",
        [typeof(RadialBasis)] = "its fixed codes tie every input to every class",
        [typeof(PadChannels)] = "channels of the shortcut stand at fixed places beside the residual's",
    };

    private static readonly (Leaf Leaf, Shape[] Inputs)[] Table =
    [
        (new Conv2d(5, 3), [Image]), (new Conv2d(6, 3, 2, 1) { Bias = false }, [Image]), (new Conv2d(8, 3) { Groups = 2, Dilation = 2 }, [Image]),
        (new Conv2d(4, 3, 1, 1) { Groups = 4 }, [Image]), (new Conv2d(3, 3, 2) { PaddingMode = PaddingMode.Same }, [Image]), (new Conv2d(3, 4) { PaddingMode = PaddingMode.Same }, [Image]),
        (new Linear(3), [Vector]), (new Linear(3) { Bias = false }, [Sequence]), (new Linear(2), [Sequence]),
        (new BatchNorm2d(), [Image]), (new BatchNorm2d(1e-3), [Vector]), (new Normalize([1, 2, 3, 4], [2, 2, 4, 4]), [Image]), (new Normalize([0.5f], [3]), [Vector]),
        (new Denormalize([1, 2, 3, 4, 5, 6], [2]), [Vector]), (new Dropout(0.4), [Vector]),
        (new ReLU(), [Image]), (new LeakyReLU(0.1), [Image]), (new Sigmoid(), [Vector]), (new Tanh(), [Vector]), (new ScaledTanh(), [Vector]),
        (new Softmax(), [Vector]), (new Softmax(), [Sequence]), (new Softmax(), [Image]),
        (new MaxPool2d(2), [Image]), (new MaxPool2d(3, 2) { Ceil = true }, [Image]), (new MaxPool2d(3, 2, 1), [Image]),
        (new AvgPool2d(2), [Image]), (new AvgPool2d(3, 2, 1), [Image]), (new AvgPool2d(3, 2, 1) { CountIncludePad = false }, [Image]), (new AvgPool2d(2) { Ceil = true }, [Image]),
        (new AvgPool2d(3, 2, 1) { Ceil = true }, [Image]), (new MaxPool2d(2, 3) { Ceil = true }, [Image]), (new AvgPool2d(2, 2, 1) { Ceil = true }, [Image]),
        (new TrainableSubsampling(), [Image]), (new GlobalAvgPool(), [Image]), (new GlobalMaxPool(), [Image]), (new AdaptiveAvgPool2d(4), [Image]),
        (new LocalResponseNorm(3), [Image]), (new Flatten(), [Image]), (new Identity(), [Image]),
        (new Embedding(11, 5), [Shape.Tokens()]), (new Embedding(11, 5) { PaddingIndex = 3, WeightInit = new NormalInit(0.4) }, [Shape.Tokens()]),
        (new ConnectionTableConv2d([[0, 1], [1, 2, 3], [3]], 3), [Image]),
        (new RadialBasis([[1, -1, 1, -1, 1, -1], [1, 1, 1, -1, -1, -1]]), [Vector]), (new PadChannels(7, 2), [Image]), (new PadChannels(4, 2), [Image]),
        (new Sum(), [Image, Image]), (new Product(), [Vector, Vector, Vector]),
        (new Product(), [Image, Shape.Vector(4)]), (new Product(), [Shape.Image(4, 1, 1), Image, Shape.Vector(4)]),
        (new Product(), [Shape.Vector(4), Shape.Image(4, 1, 1)]),
        (new Concat(), [Image, Shape.Image(2, 9, 7)]), (new Concat(), [Sequence, Sequence]),
    ];

    public static TheoryData<int> Rows => [.. Enumerable.Range(0, Table.Length)];

    /// <summary>Rows of leaves that ask for a rank; the others take any.</summary>
    public static TheoryData<int> RankedRows => [.. Enumerable.Range(0, Table.Length).Where(i => Table[i].Leaf is not (Elementwise or Join or Flatten) or LocalResponseNorm)];

    [Fact]
    public void Every_leaf_of_the_library_stands_in_the_table_and_in_the_catalog()
    {
        var leaves = typeof(Conv2d).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Layer)) && !t.IsAbstract).ToHashSet();
        Assert.Empty(leaves.Where(t => t.IsSubclassOf(typeof(Leaf))).Except(Table.Select(r => r.Leaf.GetType())));
        Assert.Empty(leaves.Except(Catalogs.Layers.Entries.Select(e => e.Type)));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Inferred_shape_is_the_real_one(int row)
    {
        var (network, inputs) = Case(row);
        using var torch = new TorchNetwork(network);
        using var scope = NewDisposeScope();
        var output = torch.Forward(inputs)[Network.DefaultOutput];
        var shape = torch.Plan.Outputs[0].Shape;
        Assert.True(shape.Fits(output.shape), $"{shape} inferred, [{string.Join(", ", output.shape)}] real");
        Assert.Equal(torch.Plan.ParameterCount, torch.Tensors.Where(t => t.Trainable).Sum(t => t.Tensor.numel()));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Gradients_agree_with_central_differences(int row)
    {
        var (network, inputs) = Case(row);
        using var torch = new TorchNetwork(network);
        using var scope = NewDisposeScope();
        if (Table[row].Leaf is Dropout)
        {
            torch.SetTraining(false);
        }

        // A fixed random direction makes a scalar of the output.
        var direction = randn_like(torch.Forward(inputs)[Network.DefaultOutput]);
        Tensor Loss() => (torch.Forward(inputs)[Network.DefaultOutput] * direction).sum();
        var wanted = torch.Tensors.Where(t => t.Trainable).Select(t => t.Tensor).Concat(inputs.Where(i => i.dtype == ScalarType.Float32).Select(i => i.requires_grad_())).ToList();
        Loss().backward();
        foreach (var tensor in wanted)
        {
            var gradient = tensor.grad;
            Assert.NotNull(gradient);
            var step = randn_like(tensor) * 2e-3f;
            double expected = (gradient * step).sum().item<float>() * 2, real;
            using (no_grad())
            {
                var before = tensor.detach().clone();
                tensor.copy_(before + step);
                double above = Loss().item<float>();
                tensor.copy_(before - step);
                real = above - Loss().item<float>();
                tensor.copy_(before);
            }

            // float32 and, for poolings and ReLU, kinks between the two points.
            Assert.True(Math.Abs(real - expected) <= 1e-3 + (0.05 * Math.Abs(expected)), $"{Table[row].Leaf}: expected {expected}, real {real}");
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Evaluation_does_not_depend_on_the_rest_of_the_batch(int row)
    {
        var (network, inputs) = Case(row);
        using var torch = new TorchNetwork(network);
        torch.SetTraining(false);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var whole = torch.Forward(inputs)[Network.DefaultOutput].narrow(0, 1, 1);
        var alone = torch.Forward([.. inputs.Select(i => i.narrow(0, 1, 1))])[Network.DefaultOutput];
        Assert.True((whole - alone).abs().max().item<float>() < 1e-5);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Onnx_runtime_computes_the_same(int row)
    {
        var (network, inputs) = Case(row);
        using var torch = new TorchNetwork(network);
        Assert.True(OnnxParity.Difference(torch, inputs) < 1e-4);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Json_round_trip_gives_an_equal_record(int row)
    {
        Layer leaf = Table[row].Leaf with { Name = "x" };
        Assert.Equal(leaf, RecordJson.Deserialize<Layer>(RecordJson.Serialize(leaf)));
        Assert.Equal(leaf.GetHashCode(), RecordJson.Deserialize<Layer>(RecordJson.Serialize(leaf)).GetHashCode());
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Channels_are_coupled_or_refused_with_a_reason(int row)
    {
        var (leaf, shapes) = Table[row];
        var groups = new ChannelGroups();
        var inputs = shapes.Select(s => groups.Fresh(ChannelsOf(s))).ToList();
        Channels Couple() => Assert.Single(groups.Couple(leaf, inputs, shapes));
        if (CannotCouple.ContainsKey(leaf.GetType()) || leaf is Conv2d { Groups: 2 })
        {
            Assert.Throws<NotSupportedException>(Couple);
        }
        else
        {
            Assert.Equal(ChannelsOf(leaf.OutputShape(shapes)), Couple().Groups.Count);
        }
    }

    [Theory]
    [MemberData(nameof(RankedRows))]
    public void An_input_of_another_rank_is_a_managed_error_that_names_the_place(int row)
    {
        var leaf = Table[row].Leaf;
        var wrong = new Shape(ElementType.Float32, [Dim.Batch, 2, 2, 2, 2]);
        var network = new Network(new Sequential(new Sequential(new Branches(new Concat(), leaf with { Name = "culprit" }) { Name = "block" })), wrong);
        Assert.StartsWith("0/block/culprit: ", Assert.Throws<ShapeException>(network.Plan).Message, StringComparison.Ordinal);
    }

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
        Assert.StartsWith($"network.root.{message}", Assert.Throws<ArgumentException>(new Network(norm, Image).Plan).Message, StringComparison.Ordinal);

    [Fact]
    public void Numbers_in_messages_do_not_depend_on_the_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CommaCulture();
            Assert.Contains("but is 1.5.", Assert.Throws<ArgumentException>(new Network(new Dropout(1.5), Vector).Plan).Message, StringComparison.Ordinal);
            Assert.Contains("but is -0.5.",
                Assert.Throws<ArgumentException>(new Network(new LocalResponseNorm { K = -0.5 }, Image).Plan).Message, StringComparison.Ordinal);
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

    private static int ChannelsOf(Shape shape) => shape.Rank == 2 && shape.Type == ElementType.Int64 ? 1 : shape.Rank == 3 ? shape.Size(2) : shape.Size(1);

    private static (Network Network, Tensor[] Inputs) Case(int row)
    {
        manual_seed(100 + row);
        var (leaf, shapes) = Table[row];
        var names = shapes.Select((_, i) => $"input{i}").ToList();
        Layer root = shapes.Length == 1 ? leaf : ((Join)leaf) with { With = names.Skip(1).ToValueList() };
        return (new(new Sequential(root), shapes.Select((s, i) => new NetworkInput(names[i], s)).ToValueList()), [.. shapes.Select(Random)]);
    }

    private static Tensor Random(Shape shape)
    {
        long[] sizes = [.. shape.Dims.Select(d => d.Size ?? (d.Symbol == "N" ? 3 : 5))];
        return shape.Type == ElementType.Int64 ? randint(0, 11, sizes, ScalarType.Int64) : randn(sizes);
    }
}
