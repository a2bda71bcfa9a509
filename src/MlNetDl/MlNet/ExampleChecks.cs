using System.Globalization;
using System.Numerics.Tensors;
using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;

namespace MlNetDl.MlNet;

/// <summary>Looks at a set in memory before anything is trained on it, as reading rows does for an <see cref="Microsoft.ML.IDataView"/>: torch itself would end in a native error, or in none.</summary>
internal static class ExampleChecks
{
    /// <summary>The set, with names for its classes.</summary>
    /// <exception cref="ArgumentException">Features or targets do not suit the task; the message says which and where.</exception>
    public static Examples Checked(this Examples examples, PredictionTask task)
    {
        long width = examples.Shape.ElementsPerExample();
        if (examples.Features is not (byte[] or float[]) || examples.Targets is not (long[] or float[]))
        {
            throw new ArgumentException($"Examples hold byte[] or float[] features and long[] or float[] targets, but these hold {examples.Features.GetType().Name} and {examples.Targets?.GetType().Name ?? "none"}.");
        }

        int count = examples.TargetWidth < 1 ? 0 : examples.Targets.Length / examples.TargetWidth;
        if (examples.TargetWidth < 1 || examples.Targets.Length % examples.TargetWidth != 0 || examples.Features.LongLength != count * width)
        {
            throw new ArgumentException($"{examples.Targets.Length} target values, {examples.TargetWidth} an example, need {count} x {width} features ({examples.Shape}), but there are {examples.Features.LongLength}.");
        }

        if (examples.Features is float[] features && FirstNotFinite(features) is { } at)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Feature {at % width} of example {at / width} is {features[at]}; give finite numbers, or leave the example out."));
        }

        return task == PredictionTask.Multiclass ? Classes(examples) : Values(examples, task);
    }

    /// <summary>Refuses a validation set that another network would be needed for.</summary>
    /// <exception cref="ArgumentException">Its shape, its targets or its classes are others than those of the training set.</exception>
    public static void CheckSuits(this Examples validation, Examples training)
    {
        var (what, there, here) = validation.Shape != training.Shape ? ("are", $"{validation.Shape}", $"{training.Shape}")
            : validation.TargetWidth != training.TargetWidth ? ("have", $"{validation.TargetWidth} target values each", $"{training.TargetWidth}")
            : !validation.ClassNames.Equals(training.ClassNames) ? ("have", $"the classes {validation.ClassNames}", $"{training.ClassNames}")
            : ("", "", "");
        if (what.Length > 0)
        {
            throw new ArgumentException($"The validation examples {what} {there}, the training examples {here}; prepare both alike, and give both the same ClassNames in the same order.");
        }
    }

    private static Examples Classes(Examples examples)
    {
        if (examples.Targets is not long[] classes)
        {
            throw new ArgumentException("Multiclass needs class indices (long[]) for targets, but the examples hold float[].");
        }

        int count = examples.ClassNames.Count > 0 ? examples.ClassNames.Count : (int)Math.Min(int.MaxValue, classes.DefaultIfEmpty(-1).Max() + 1);
        int wrong = Array.FindIndex(classes, c => c < 0 || c >= count);
        if (wrong >= 0)
        {
            throw new ArgumentException($"Example {wrong} has class {classes[wrong]}, but there are {count} classes, counted from 0.");
        }

        return examples.ClassNames.Count > 0 ? examples : examples with { ClassNames = Enumerable.Range(0, count).Select(c => c.ToString(CultureInfo.InvariantCulture)).ToValueList() };
    }

    private static Examples Values(Examples examples, PredictionTask task)
    {
        if (examples.Targets is not float[] values)
        {
            throw new ArgumentException($"{task} needs float targets, but the examples hold class indices.");
        }

        int wrong = task == PredictionTask.Binary ? Array.FindIndex(values, v => v is not (0 or 1)) : FirstNotFinite(values) ?? -1;
        return wrong < 0 ? examples with { ClassNames = [] }
            : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, 
                $"The target of example {wrong / examples.TargetWidth} is {values[wrong]}; expected {(task == PredictionTask.Binary ? "0 or 1" : "a finite number")}."));
    }

    private static int? FirstNotFinite(float[] values)
    {
        // The sum of magnitudes is finite only when all are (or when they are absurdly large, which the search then finds out).
        int at = float.IsFinite(TensorPrimitives.SumOfMagnitudes<float>(values)) ? -1 : Array.FindIndex(values, v => !float.IsFinite(v));
        return at < 0 ? null : at;
    }
}
