using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetDl.MlNet;

/// <summary>The input with the scores beside it, computed in batches as a cursor moves.</summary>
internal sealed partial class ScoredDataView : IDataView
{
    private readonly NeuralNetworkTransformer transformer;
    private readonly IDataView input;

    public ScoredDataView(NeuralNetworkTransformer transformer, IDataView input)
    {
        (this.transformer, this.input) = (transformer, input);
        Schema = transformer.GetOutputSchema(input.Schema);
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => false;

    public long? GetRowCount() => input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = ActiveColumns.Of(Schema, columnsNeeded);
        bool scores = active.Skip(input.Schema.Count).Any(a => a);
        IReadOnlyList<DataViewSchema.Column> features = scores ? transformer.InputColumns(input.Schema) : [];
        var passed = input.GetRowCursor(input.Schema.Where(c => active[c.Index]).Union(features));
        return new ScoredCursor(transformer, Schema, active, passed, scores ? input.GetRowCursor(features) : null);
    }

    // One cursor: a batch is scored by several threads inside, and rows keep their order.
    public DataViewRowCursor[] GetRowCursorSet(
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
