using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Data;
using MlNetDl.MlNet;
using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>The rows of a validation part that a model of normal rows may be validated with: the threshold of a detector is chosen of them, and with
/// strange ones among them it would let such rows pass.</summary>
internal static class NormalRows
{
    private const string Strange = "strange";

    /// <summary>Examples without those that are marked as strange by a target of 1; all of them where the task learns from labels.</summary>
    public static Examples? Of(Examples? rows, LearningTask? task, NeuralNetworkOptions options)
    {
        if (task is not { LearnsFromLabels: false } || rows is not { TargetWidth: 1, Targets: float[] marks })
        {
            return rows;
        }

        Tell(marks.Count(m => m == 1), options);
        return rows.Where(i => marks[i] != 1);
    }

    /// <summary>The same of the rows of a view.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="label">The column that says which are strange; <see langword="null"/> for none.</param>
    /// <param name="task">The task.</param>
    /// <param name="options">Has the callbacks that are told.</param>
    public static IDataView? Of(IDataView? rows, string? label, LearningTask? task, NeuralNetworkOptions options)
    {
        if (task is not { LearnsFromLabels: false } || rows is null || label is null || rows.Schema.GetColumnOrNull(label) is not { Type: BooleanDataViewType })
        {
            return rows;
        }

        Tell(rows.GetColumn<bool>(label).Count(strange => strange), options);
        var ml = new MLContext(seed: 0);
        var marked = ml.Transforms.Conversion.ConvertType(Strange, label, DataKind.Single).Fit(rows).Transform(rows);
        return ml.Data.FilterRowsByColumn(marked, Strange, upperBound: 0.5);
    }

    private static void Tell(int count, NeuralNetworkOptions options)
    {
        foreach (var callback in count == 0 ? [] : options.Callbacks)
        {
            callback.Message(string.Create(CultureInfo.InvariantCulture, $"warning: {count:N0} strange {(count == 1 ? "row is" : "rows are")} left out of the "
                + $"validation part: the threshold is chosen of normal ones."));
        }
    }
}
