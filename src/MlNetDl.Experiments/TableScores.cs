using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Networks;
using MlNetDl.Onnx;

namespace MlNetDl.Experiments;

/// <summary>Takes scores and truth out of a scored <see cref="IDataView"/>; a multiclass label that the model does not know is −1.</summary>
public static class TableScores
{
    /// <summary>Scores and targets, row-major.</summary>
    /// <param name="scored">What the model made of rows that have its label column: for classes their names, or keys where the model's chain maps them.</param>
    /// <param name="manifest">The model's.</param>
    public static (float[] Scores, float[] Targets) Of(IDataView scored, ModelManifest manifest)
    {
        var scores = new List<float>();
        var targets = new List<float>();
        foreach (var (label, row) in Labels(scored, manifest).Zip(Rows(scored)))
        {
            scores.AddRange(row);
            targets.Add(label);
        }

        return ([.. scores], [.. targets]);
    }

    /// <summary>The scores of each row.</summary>
    public static IEnumerable<float[]> Rows(IDataView scored) =>
        scored.Schema["Score"].Type is VectorDataViewType ? scored.GetColumn<float[]>("Score") : scored.GetColumn<float>("Score").Select(s => new[] { s });

    private static IEnumerable<float> Labels(IDataView scored, ModelManifest manifest)
    {
        var column = manifest.LabelColumn;
        switch (manifest.Task)
        {
            case PredictionTask.Multiclass when scored.Schema[column].Type is TextDataViewType:
                var numbers = manifest.ClassNames.Select((name, number) => (name, number)).ToDictionary(c => c.name, c => (float)c.number).GetAlternateLookup<ReadOnlySpan<char>>();
                return scored.GetColumn<ReadOnlyMemory<char>>(column).Select(name => numbers.TryGetValue(name.Span, out float number) ? number : -1);
            case PredictionTask.Multiclass:
                return scored.GetColumn<uint>(column).Select(k => (float)k - 1);
            case PredictionTask.Binary:
                return scored.GetColumn<bool>(column).Select(b => b ? 1f : 0f);
            default:
                return scored.GetColumn<float>(column);
        }
    }
}
