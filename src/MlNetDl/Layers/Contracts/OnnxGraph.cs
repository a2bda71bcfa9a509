namespace MlNetDl.Layers.Contracts;

/// <summary>A value of an ONNX graph.</summary>
/// <param name="Name">Its unique name in the graph.</param>
/// <param name="Shape">Its shape where known: always for a leaf's inputs, not for values between a leaf's
/// nodes.</param>
public sealed record OnnxValue(string Name, Shape? Shape = null);

/// <summary>A node of an ONNX graph.</summary>
/// <param name="Op">The operator, of the default domain.</param>
/// <param name="Inputs">Names of the inputs, in order; an empty name is an omitted optional input.</param>
/// <param name="Outputs">Names of the outputs.</param>
/// <param name="Attributes">Values are <see cref="long"/>, <see cref="float"/>, <see cref="string"/>,
/// <c>long[]</c> or <c>float[]</c>.</param>
public sealed record OnnxNode(
    string Op,
    IReadOnlyList<string> Inputs,
    IReadOnlyList<string> Outputs,
    IReadOnlyDictionary<string, object> Attributes)
{
    /// <summary>The path of the layer that wrote it; empty for what belongs to none.</summary>
    public string Path { get; init; } = "";
}

/// <summary>A constant of an ONNX graph.</summary>
/// <param name="Name">Its name; a network's weights are named after their parameters.</param>
/// <param name="Dims">Dimensions; empty for a scalar.</param>
/// <param name="Data">A <c>float[]</c>, <c>long[]</c>, <c>int[]</c>, <c>sbyte[]</c>, <c>byte[]</c>, <c>bool[]</c>, <c>Half[]</c>, or
/// <c>ushort[]</c> for the bits of bfloat16, row-major.</param>
public sealed record OnnxConstant(string Name, ValueList<long> Dims, Array Data);

/// <summary>An ONNX graph under construction; leaves append their nodes to it.</summary>
/// <remarks>Plain data: the protobuf form is made from it by the writer, so a leaf needs no protobuf types.</remarks>
public sealed class OnnxGraph
{
    private readonly List<OnnxNode> nodes = [];
    private readonly List<OnnxConstant> constants = [];
    private readonly HashSet<string> declared = [];
    private readonly HashSet<string> names = [];

    /// <summary>The nodes in the order they were added, which is a valid order of execution.</summary>
    public IReadOnlyList<OnnxNode> Nodes => nodes;

    /// <summary>The constants (initializers).</summary>
    public IReadOnlyList<OnnxConstant> Constants => constants;

    /// <summary>Path of the layer that is writing; prefixes the names of its values.</summary>
    public string Scope { get; set; } = "";

    /// <summary>Appends a node with one output.</summary>
    /// <param name="op">The operator's name in ONNX's default domain, opset 17.</param>
    /// <param name="inputs">Its inputs; <see langword="null"/> leaves an optional one out.</param>
    /// <param name="attributes">Its attributes; see <see cref="OnnxNode"/> for the types.</param>
    public OnnxValue Add(string op, IReadOnlyList<OnnxValue?> inputs, params ReadOnlySpan<(string Name, object Value)> attributes) =>
        AddMany(op, 1, inputs, attributes)[0];

    /// <summary>Appends a node with several outputs, such as <c>TopK</c> or <c>LSTM</c>.</summary>
    /// <param name="op">The operator's name in ONNX's default domain, opset 17.</param>
    /// <param name="outputs">How many outputs it has, 1 or more; those behind the last that is wanted may
    /// be left out.</param>
    /// <param name="inputs">Its inputs; <see langword="null"/> leaves an optional one out.</param>
    /// <param name="attributes">Its attributes; see <see cref="OnnxNode"/> for the types.</param>
    public IReadOnlyList<OnnxValue> AddMany(
        string op, int outputs, IReadOnlyList<OnnxValue?> inputs, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        var made = new string[outputs];
        for (int i = 0; i < outputs; i++)
        {
            made[i] = Unique(Scope.Length == 0 ? op : $"{Scope}/{op}");
        }

        var values = new Dictionary<string, object>();
        foreach (var (name, value) in attributes)
        {
            values.Add(name, value is int i ? (long)i : value is double d ? (float)d : value);
        }

        nodes.Add(new(op, [.. inputs.Select(i => i?.Name ?? "")], made, values) { Path = Scope });
        return [.. made.Select(name => new OnnxValue(name))];
    }

    /// <summary>A graph with the same inputs and outputs but other nodes and constants, for a rewrite to return. This
    /// graph does not change.</summary>
    /// <param name="rewrittenNodes">In an order of execution.</param>
    /// <param name="rewrittenConstants">The constants that the nodes read.</param>
    public OnnxGraph With(IEnumerable<OnnxNode> rewrittenNodes, IEnumerable<OnnxConstant> rewrittenConstants)
    {
        var graph = new OnnxGraph();
        graph.nodes.AddRange(rewrittenNodes);
        graph.constants.AddRange(rewrittenConstants);
        graph.declared.UnionWith(declared);
        graph.names.UnionWith([.. declared, .. graph.constants.Select(c => c.Name), .. graph.nodes.SelectMany(n => n.Outputs)]);
        return graph;
    }

    /// <summary>Adds an initializer under exactly this name.</summary>
    public OnnxValue Initializer(string name, ValueList<long> dims, Array data)
    {
        if (!names.Add(name))
        {
            throw new InvalidOperationException($"The ONNX graph already has a value named '{name}'.");
        }

        constants.Add(new(name, dims, data));
        return new(name);
    }

    /// <summary>A small constant of the layer that is writing; rank 1, or a scalar for one value when
    /// <paramref name="scalar"/>.</summary>
    public OnnxValue Constant(string name, Array data, bool scalar = false) =>
        Initializer(Unique($"{Scope}/{name}", reserve: false), scalar ? [] : [data.Length], data);

    /// <summary>A constant of given dimensions.</summary>
    public OnnxValue Constant(string name, ValueList<long> dims, Array data) =>
        Initializer(Unique($"{Scope}/{name}", reserve: false), dims, data);

    /// <summary>Declares a graph input, or reserves an output's name.</summary>
    public OnnxValue Declare(string name, Shape shape)
    {
        if (!names.Add(name) || !declared.Add(name))
        {
            throw new InvalidOperationException($"The ONNX graph already has a value named '{name}'.");
        }

        return new(name, shape);
    }

    private string Unique(string stem, bool reserve = true)
    {
        var name = stem;
        for (int i = 2; names.Contains(name); i++)
        {
            name = $"{stem}_{i}";
        }

        if (reserve)
        {
            names.Add(name);
        }

        return name;
    }
}
