using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Networks;

namespace MlNetDl.Experiments;

/// <summary>Takes scores and truth out of a scored <see cref="IDataView"/>; a multiclass label that the model does not know is −1.</summary>
public static class TableScores
{
    /// <summary>Scores and targets, row-major.</summary>
    public static (float[] Scores, float[] Targets) Of(IDataView scored, PredictionTask task, string labelColumn)
    {
        var scores = new List<float>();
        var targets = new List<float>();
        var labels = task switch
        {
            PredictionTask.Multiclass => scored.GetColumn<uint>(labelColumn).Select(k => (float)k - 1),
            PredictionTask.Binary => scored.GetColumn<bool>(labelColumn).Select(b => b ? 1f : 0f),
            _ => scored.GetColumn<float>(labelColumn),
        };
        foreach (var (label, row) in labels.Zip(Rows(scored)))
        {
            scores.AddRange(row);
            targets.Add(label);
        }

        return ([.. scores], [.. targets]);
    }

    /// <summary>The scores of each row.</summary>
    public static IEnumerable<float[]> Rows(IDataView scored) =>
        scored.Schema["Score"].Type is VectorDataViewType ? scored.GetColumn<float[]>("Score") : scored.GetColumn<float>("Score").Select(s => new[] { s });
}
