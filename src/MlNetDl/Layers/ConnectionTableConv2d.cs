using System.Text.Json.Serialization;
using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Convolution in which each output map sees only the input maps that a table names: C3 of LeNet-5 (LeCun et
/// al. 1998, table I).</summary>
/// <param name="Table">For each output map, the input maps that feed it, ascending. A map that none feeds is its bias
/// alone; one map or more must have an input.</param>
/// <param name="Kernel">Side of the square kernel, 1 or more.</param>
/// <remarks>[N, C, H, W] → [N, Table.Count, H − Kernel + 1, W − Kernel + 1]. One kernel for each connection: weight
/// [connections, Kernel, Kernel].</remarks>
public sealed record ConnectionTableConv2d(ValueList<ValueList<int>> Table, [property: AtLeast(1)] int Kernel) : UnaryLeaf,
    ICouplesOneValue, INarrowsChannels, ICheckedRecord
{
    /// <summary>The start of the kernels; uniform on ±1/√fan-in unless given, where fan-in is the mean of all
    /// maps.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Initializer? WeightInit { get; init; }

    /// <summary>The start of the bias; uniform on ±1/√fan-in unless given, where fan-in is the mean of all
    /// maps.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Initializer? BiasInit { get; init; }

    private int Connections => Table.Sum(t => t.Count);

    /// <inheritdoc/>
    public IEnumerable<RecordProblem> Problems() => Connections == 0
        ? [new("table", "must name the input maps of one output map or more.")]
        : Table.Index()
            .Where(t => t.Item.Distinct().Count() < t.Item.Count || t.Item.Any(i => i < 0))
            .Select(t => new RecordProblem($"table[{t.Index}]", $"must name input maps, each once and from 0, but is {t.Item}."));

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        var x = Window2d.Image(this, input);
        int channels = x.Size(1);
        if (!Table.All(t => t.All(i => i < channels)))
        {
            throw new ShapeException($"ConnectionTableConv2d names input maps that are not there; its input {x} has "
                + $"maps 0 to {channels - 1}.");
        }

        return x.With(1, Table.Count).With(2, Length(x.Size(2))).With(3, Length(x.Size(3)));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters(Shape input)
    {
        // As if every map had the average number of connections.
        var weight = new Parameter("weight", [Connections, Kernel, Kernel], WeightInit ?? new FanInUniformInit())
        {
            FanIn = (double)Connections / Table.Count * Kernel * Kernel,
            FanOut = (double)Connections / input.Size(1) * Kernel * Kernel,
        };
        return [weight, weight.Bias(Table.Count, BiasInit ?? new FanInUniformInit())];
    }

    /// <inheritdoc/>
    public override long Macs(Shape input)
    {
        var y = OutputShape(input);
        return (long)y.Size(2) * y.Size(3) * Connections * Kernel * Kernel;
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state)
    {
        long channels = input.shape[1];
        var weight = state["weight"];
        var places = tensor(Places((int)channels), device: weight.device);
        var full = zeros([Table.Count * channels, Kernel, Kernel], weight.dtype, weight.device).index_copy(0, places, weight);
        return nn.functional.conv2d(input, full.reshape(Table.Count, channels, Kernel, Kernel), state["bias"]);
    }

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights)
    {
        // All inputs of this node are constant, so a runtime folds it into one plain convolution.
        int channels = input.Shape!.Size(1);
        var none = graph.Constant("none", [Table.Count * channels, Kernel, Kernel], new float[Table.Count * channels * Kernel * Kernel]);
        var full = graph.Add("ScatterND", [none, graph.Constant("places", [Connections, 1], Places(channels)), weights["weight"]]);
        var shaped = graph.Add("Reshape", [full, graph.Constant("shape", new long[] { Table.Count, channels, Kernel, Kernel })]);
        return graph.Add("Conv", [input, shaped, weights["bias"]], ("kernel_shape", new long[] { Kernel, Kernel }));
    }

    /// <inheritdoc/>
    public Channels Couple(Channels input, Shape shape, ChannelGroups groups) => groups.Fresh(Table.Count);

    /// <inheritdoc/>
    public IReadOnlyList<ChannelAxis> OutputAxes(IReadOnlyList<Shape> inputs) =>
        [new("weight", 0, Table.SelectMany((maps, o) => maps.Select(_ => o)).ToValueList()), ChannelAxis.Along("bias", 0, Table.Count)];

    /// <summary>The kernels again: a connection goes with either of its ends.</summary>
    public IReadOnlyList<ChannelAxis> InputAxes(IReadOnlyList<Shape> inputs) => [new("weight", 0, Table.SelectMany(maps => maps).ToValueList())];

    /// <inheritdoc/>
    public Leaf Narrow(ChannelCut cut)
    {
        var places = cut.Inputs[0].Index().ToDictionary(i => i.Item, i => i.Index);
        return this with
        {
            Table = cut.Outputs[0].Select(o => Table[o].Where(places.ContainsKey).Select(i => places[i]).ToValueList()).ToValueList(),
            WeightInit = ChannelCut.Of(WeightInit),
            BiasInit = ChannelCut.Of(BiasInit),
        };
    }

    private int Length(int input) => Window2d.Length(this, input, Kernel, 1, 0);

    private long[] Places(int channels) => [.. Table.SelectMany((maps, o) => maps.Select(i => ((long)o * channels) + i))];
}
