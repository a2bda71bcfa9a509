using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.MlNet.Internals;

namespace MlNetDl.MlNet;

/// <summary>The input with the scores beside it, computed in batches as a cursor moves.</summary>
internal sealed class ScoredDataView : UnexportedView
{
    private const string NoOnnx = "ConvertToOnnx cannot write a chain with a neural network: it writes operator set 12, and the network needs 17. Export the "
        + "network by itself, model.ExportOnnx(\"network.onnx\") of the NeuralNetworkTransformer, whose input is the column of features, and convert what "
        + "stands before it alone: ml.Model.ConvertToOnnx(before, data, stream).";

    private readonly NeuralNetworkTransformer transformer;
    private readonly IDataView input;

    public ScoredDataView(NeuralNetworkTransformer transformer, IDataView input)
        : base(input, NoOnnx)
    {
        (this.transformer, this.input) = (transformer, input);
        Schema = transformer.GetOutputSchema(input.Schema);
    }

    public override DataViewSchema Schema { get; }

    public override DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = ActiveColumns.Of(Schema, columnsNeeded);
        bool scores = active.Skip(input.Schema.Count).Any(a => a);
        IReadOnlyList<DataViewSchema.Column> features = scores ? transformer.InputColumns(input.Schema) : [];
        var passed = input.GetRowCursor(input.Schema.Where(c => active[c.Index]).Union(features));
        return new ScoredCursor(transformer, Schema, active, passed, scores ? input.GetRowCursor(features) : null);
    }

    // One cursor: a batch is scored by several threads inside, and rows keep their order.
    public override DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}

/// <summary>Which columns a consumer wants.</summary>
internal static class ActiveColumns
{
    public static bool[] Of(DataViewSchema schema, IEnumerable<DataViewSchema.Column> wanted)
    {
        var active = new bool[schema.Count];
        foreach (var column in wanted)
        {
            active[column.Index] = true;
        }

        return active;
    }
}
