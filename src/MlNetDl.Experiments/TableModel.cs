using Microsoft.ML;
using MlNetDl.Onnx;

namespace MlNetDl.Experiments;

/// <summary>A saved chain that scores the rows of tables. Apart from what needs no ML.NET: its start-up would be most of the time that an image takes.</summary>
internal sealed class TableModel
{
    private readonly MLContext ml = new();
    private readonly ModelManifest manifest;
    private readonly ITransformer chain;
    private readonly DataViewSchema schema;

    public TableModel(string path, ModelManifest manifest) => (this.manifest, chain) = (manifest, ml.Model.Load(path, out schema));

    /// <summary>The scores of each row; the table needs no label.</summary>
    public IEnumerable<float[]> Scores(Table table) => TableScores.Rows(Transform(table, null));

    /// <summary>Scores and truth of each row.</summary>
    /// <param name="table">The table.</param>
    /// <param name="label">Its column with the truth.</param>
    public (float[] Scores, float[] Targets) ScoresAndTargets(Table table, string label) => TableScores.Of(Transform(table, label), manifest.Task, manifest.LabelColumn);

    private IDataView Transform(Table table, string? label) => chain.Transform(TableInput.Load(ml, table, schema, manifest.LabelColumn, label));
}
