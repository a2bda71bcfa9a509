using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Onnx;

namespace MlNetDl.Experiments;

/// <summary>A saved chain that scores the rows of tables. Apart from what needs no ML.NET: its start-up would be most of the time that an image takes.</summary>
internal sealed class TableModel
{
    private readonly MLContext ml = new();
    private readonly ModelManifest manifest;
    private readonly ITransformer chain;
    private readonly DataViewSchema schema;

    private readonly Action<string>? warn;

    public TableModel(string path, ModelManifest manifest, Action<string>? warn) => (this.manifest, this.warn, chain) = (manifest, warn, ml.Model.Load(path, out schema));

    /// <summary>The scores of each row; the table needs no label.</summary>
    public IEnumerable<float[]> Scores(Table table) => TableScores.Rows(Transform(table, null));

    /// <summary>Scores and truth of each row.</summary>
    /// <param name="table">The table.</param>
    /// <param name="label">Its column with the truth.</param>
    public (float[] Scores, float[] Targets) ScoresAndTargets(Table table, string label) => TableScores.Of(Transform(table, label), manifest.Task, manifest.LabelColumn);

    private IDataView Transform(Table table, string? label)
    {
        var rows = TableInput.Load(ml, table, schema, manifest.LabelColumn, label);
        var output = chain.GetOutputSchema(rows.Schema);
        foreach (var column in rows.Schema.Where(c => c.Type is TextDataViewType && c.Name != manifest.LabelColumn && warn is not null && output[c.Name].HasSlotNames()))
        {
            WarnOfUnknownWords(table, rows.GetColumn<ReadOnlyMemory<char>>(column), output[column.Name]);
        }

        return chain.Transform(rows);
    }

    // One-hot encoding has no place for a word that it did not see in training: the row scores as if it had none, and says nothing.
    private void WarnOfUnknownWords(Table table, IEnumerable<ReadOnlyMemory<char>> words, DataViewSchema.Column encoded)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        encoded.GetSlotNames(ref names);
        var known = names.DenseValues().Select(n => n.ToString()).ToHashSet();
        var unknown = words.Where(w => !w.IsEmpty).Select(w => w.ToString()).Where(w => !known.Contains(w)).ToList();
        if (unknown.Count > 0)
        {
            var examples = unknown.Distinct().ToList();
            warn!($"'{table.Path}': column '{encoded.Name}' has {unknown.Count:N0} value{(unknown.Count == 1 ? "" : "s")} that the training data did not have " +
                $"({string.Join(", ", examples.Take(3).Select(w => $"'{w}'"))}{(examples.Count > 3 ? ", …" : "")}); for the model these are none of the column's categories.");
        }
    }
}
