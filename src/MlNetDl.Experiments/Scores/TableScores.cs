using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Data;
using MlNetDl.Models;
using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>Takes scores and truth out of a scored <see cref="IDataView"/>; a multiclass label that the model does not
/// know is −1.</summary>
public static class TableScores
{
    // Rows of which the progress is told.
    private const int Told = 256;

    /// <summary>Scores and targets, row-major.</summary>
    /// <param name="scored">What the model made of rows that have its label column: for classes their names, or keys
    /// where the model's chain maps them.</param>
    /// <param name="manifest">The model's.</param>
    /// <param name="progress">Is told how many rows are done, now and then.</param>
    public static (float[] Scores, float[] Targets) Of(IDataView scored, ModelManifest manifest, IProgress<long>? progress = null)
    {
        var scores = new List<float>();
        var targets = new List<float>();
        foreach (var (label, row) in Labels(scored, manifest).Zip(Counted(Rows(scored, manifest), progress)))
        {
            scores.AddRange(row);
            targets.AddRange(label);
        }

        return ([.. scores], [.. targets]);
    }

    /// <summary>Scores and targets of rows without labels, which a task that learns without them takes for normal.</summary>
    /// <param name="scored">What the model made of rows.</param>
    /// <param name="manifest">The model's.</param>
    /// <param name="progress">Is told how many rows are done, now and then.</param>
    internal static (float[] Scores, float[] Targets) OfNormal(IDataView scored, ModelManifest manifest, IProgress<long>? progress = null)
    {
        float[] scores = [.. Counted(Rows(scored, manifest), progress).SelectMany(r => r)];
        return (scores, new float[scores.Length / Math.Max(1, manifest.Outputs)]);
    }

    /// <summary>The scores of each row, as metrics take them: the column of the graph's first output.</summary>
    /// <param name="scored">What the model made of rows.</param>
    /// <param name="manifest">The model's; <see langword="null"/>, the default, where that column is <c>Score</c>.</param>
    public static IEnumerable<float[]> Rows(IDataView scored, ModelManifest? manifest = null)
    {
        ArgumentNullException.ThrowIfNull(scored);
        var name = manifest?.Task is AnomalyDetection ? AnomalyDetection.ExcessColumn : OutputColumns.Score;
        return scored.Schema[name].Type is VectorDataViewType
            ? scored.GetColumn<float[]>(name)
            : scored.GetColumn<float>(name).Select(s => new[] { s });
    }

    private static IEnumerable<float[]> Counted(IEnumerable<float[]> rows, IProgress<long>? progress)
    {
        long count = 0;
        foreach (var row in rows)
        {
            yield return row;
            if (++count % Told == 0)
            {
                progress?.Report(count);
            }
        }
    }

    private static IEnumerable<float[]> Labels(IDataView scored, ModelManifest manifest)
    {
        var column = scored.Schema[manifest.LabelColumn];
        var task = ScoredTask.Of(manifest);
        using var cursor = scored.GetRowCursor([column, .. task.Label.FurtherColumns.Select(name => scored.Schema[name])]);
        var read = task.Label.Reader(cursor, column, manifest.Label);
        var parts = task.Label.Targets(manifest.Label);
        var compared = parts.RangeOf(Batch.DefaultTarget) ?? throw new InvalidDataException(
            $"The model does {ScoredTask.NameOf(task)}, whose label has no target named '{Batch.DefaultTarget}' to compare scores with.");
        var numbers = new float[parts.Width()];
        while (cursor.MoveNext())
        {
            Array.Fill(numbers, float.NaN);
            read(numbers);
            // A key that is missing is a class that the chain's mapping does not know.
            yield return task.Label.IsClassIndex && float.IsNaN(numbers[compared.Start]) ? [ClassLabel.Unknown] : numbers[compared];
        }
    }
}
