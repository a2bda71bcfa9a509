using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Adds what blocks made of their open rows, each row times its gate: the join of blocks that begin with
/// <see cref="OpenRows"/>.</summary>
/// <param name="Gate">The wire with the gates, [N, G].</param>
/// <param name="Blocks">How many blocks there are, 1 to G; block i is the one of gate i.</param>
/// <remarks>
/// It takes the blocks' values [Mᵢ, …] → [N, …]. One branch more than blocks, the first, is the value of all rows to which they
/// are added, such as a shortcut; without it closed rows are 0. So a residual block that rows may skip (Wang et al. 2018,
/// arXiv:1711.09485) and a mixture of experts (Shazeer et al. 2017, arXiv:1701.06538, eq. 1) have one join.
/// </remarks>
public sealed record AddRows(string Gate, [property: AtLeast(1)] int Blocks = 1) : Leaf, ICouplesChannels
{
    /// <inheritdoc/>
    public override ValueList<string> Wires => [Gate, .. Enumerable.Range(0, Blocks).Select(i => OpenRows.RowsOf(Gate, i))];

    /// <inheritdoc/>
    public override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        int branches = inputs.Count - 1 - Blocks;
        if (branches != Blocks && branches != Blocks + 1)
        {
            throw new ShapeException($"AddRows of {Blocks} blocks takes {Blocks} branches, or one more for the rows that they are added to, but "
                + $"got {branches}.");
        }

        var gates = inputs[branches];
        CheckGates(this, Gate, gates, Blocks);
        foreach (var rows in inputs.Skip(branches + 1))
        {
            RowNumbers.Check(this, rows);
        }

        var whole = inputs[0].With(0, gates[0]);
        foreach (var (index, input) in inputs.Take(branches).Index())
        {
            RowNumbers.CheckRows(this, input);
            if (input.With(0, gates[0]) != whole || (branches > Blocks && index == 0 && input[0] != gates[0]))
            {
                throw new ShapeException($"AddRows needs blocks of one shape but for their rows, and all rows of what they are added to, but "
                    + $"got {string.Join(" and ", inputs.Take(branches))}.");
            }
        }

        return whole;
    }

    /// <inheritdoc/>
    public override Tensor Forward(IReadOnlyList<Tensor> inputs, LeafState state)
    {
        int branches = inputs.Count - 1 - Blocks;
        var gates = inputs[branches];
        int before = branches - Blocks;
        var sum = before == 1 ? inputs[0] : null;
        for (int i = 0; i < Blocks; i++)
        {
            var (block, rows, gate) = (inputs[before + i], inputs[branches + 1 + i], gates.select(1, i));
            if (state.Training)
            {
                var weighed = block * Shaped(gate, block);
                sum = sum is null ? weighed : sum.Add(weighed);
            }
            else
            {
                sum ??= block.new_zeros([gates.shape[0], .. block.shape.Skip(1)]);
                sum = sum.IndexAdd(0, rows, block * Shaped(gate.index_select(0, rows), block), 1);
            }
        }

        return sum!;
    }

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights)
    {
        int branches = inputs.Count - 1 - Blocks;
        int before = branches - Blocks;
        var gates = inputs[branches];
        var sum = before == 1 ? inputs[0] : Zeros(graph, gates, inputs[0].Shape!);
        for (int i = 0; i < Blocks; i++)
        {
            var (block, rows) = (inputs[before + i], inputs[branches + 1 + i]);
            var gate = graph.Add("Gather", [gates, graph.Constant("column", new long[] { i }, scalar: true)], ("axis", 1));

            // Reshape cannot tell −1 where there are no rows, so the axes are put in by their numbers.
            var own = graph.Add(
                "Unsqueeze",
                [
                    graph.Add("Gather", [gate, rows], ("axis", 0)),
                    graph.Constant("axes", Enumerable.Range(1, block.Shape!.Rank - 1).Select(a => (long)a).ToArray()),
                ]);
            sum = graph.Add("ScatterND", [sum, RowNumbers.Column(graph, rows), graph.Add("Mul", [block, own])], ("reduction", "add"));
        }

        return sum;
    }

    /// <inheritdoc/>
    public IReadOnlyList<Channels> Couple(IReadOnlyList<Channels> inputs, IReadOnlyList<Shape> shapes, ChannelGroups groups) =>
        [inputs.Take(inputs.Count - 1 - Blocks).Skip(1).Aggregate(inputs[0], groups.Unite)];

    /// <summary>Refuses what is no gates.</summary>
    internal static void CheckGates(Leaf leaf, string wire, Shape gates, int atLeast)
    {
        if (gates.Rank != 2 || gates.Type != ElementType.Float32 || gates[1].Size is not { } size || size < atLeast)
        {
            throw new ShapeException($"{leaf.GetType().Name} expects gates [N, {atLeast}] or more on the wire '{wire}' but got {gates}.");
        }
    }

    private static Tensor Shaped(Tensor gate, Tensor block) => gate.reshape([gate.shape[0], .. Enumerable.Repeat(1L, (int)block.dim() - 1)]);

    // As many rows as there are gates.
    private static OnnxValue Zeros(OnnxGraph graph, OnnxValue gates, Shape block)
    {
        var rows = graph.Add("Slice", [graph.Add("Shape", [gates]), graph.Constant("from", new long[] { 0 }), graph.Constant("to", new long[] { 1 })]);
        long[] others = [.. block.Dims.Skip(1).Select((_, i) => (long)block.Size(i + 1))];
        var dims = graph.Add("Concat", [rows, graph.Constant("others", others)], ("axis", 0));
        return graph.Add("Expand", [RowNumbers.Scalar(graph, "zero", 0), dims]);
    }
}
