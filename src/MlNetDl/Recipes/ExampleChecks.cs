using System.Globalization;
using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.Tasks;

namespace MlNetDl.Recipes;

/// <summary>Checks a set in memory before anything is trained on it, as reading rows does for an <see
/// cref="Microsoft.ML.IDataView"/>. Torch itself would end in a native error, or go on without one.</summary>
internal static class ExampleChecks
{
    /// <summary>The set, with names for its classes, and what its label is.</summary>
    /// <param name="examples">The set.</param>
    /// <param name="form">The form of the label; <see langword="null"/> leaves the default target out, and keeps named
    /// ones for steps.</param>
    /// <exception cref="ArgumentException">Features or targets do not suit the task; the message says
    /// which and where.</exception>
    public static (Examples Examples, LabelInfo Label) Checked(this Examples examples, LabelForm? form)
    {
        if (examples.Shape.Rank < 2)
        {
            throw new ArgumentException($"The examples' shape is {examples.Shape}; expected the batch and at least one "
                + "dimension more, such as [N, 4].");
        }

        long width = examples.Shape.ElementsPerExample();
        if (examples.Features is not (byte[] or float[] or long[]) || examples.Targets is not (long[] or float[] or null))
        {
            throw new ArgumentException("Examples hold byte[], float[] or long[] features and long[] or float[] targets, " +
                $"but these hold {examples.Features.GetType().Name} and {examples.Targets?.GetType().Name ?? "none"}.");
        }

        int count = examples.Targets is { } targets && examples.TargetWidth > 0 ? targets.Length / examples.TargetWidth : examples.Count;
        if (examples.TargetWidth < 1
            || (examples.Targets?.Length ?? 0) % examples.TargetWidth != 0
            || examples.Values != count * width)
        {
            throw new ArgumentException($"{examples.Targets?.Length ?? 0} target values, {examples.TargetWidth} an example, need {count} "
                + $"x {width} features ({examples.Shape}), but there are {examples.Values}.");
        }

        if (examples.Features is float[] features && ValueLabel.FirstNotFinite(features) is { } at)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Feature {at % width} of example {at / width} is "
                + $"{features[at]}; give finite numbers, or leave the example out."));
        }

        ExampleTargets.Check(examples);
        ExampleTargets.CheckFinite(examples);
        if (examples.Shape.Type == ElementType.Int64 && examples.Features is float[] tokens
            && Array.FindIndex(tokens, t => t != MathF.Truncate(t)) is >= 0 and var broken)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"Feature {broken % width} of example {broken / width} is {tokens[broken]}, but {examples.Shape} asks "
                    + $"for tokens, which are whole numbers."));
        }

        if (form is null)
        {
            return (examples with { Targets = null, ClassNames = [] }, new());
        }

        var label = form.Describe(examples);
        foreach (var part in form.Targets(label))
        {
            var found = examples.AllTargets.FirstOrDefault(t => t.Name == part.Name);
            if (found is null || found.Shape != part.Shape)
            {
                throw new ArgumentException($"{form.GetType().Name} needs the target '{part.Name}' {part.Shape}, but the examples have "
                    + $"{(found is null ? Text(examples) : $"it as {found.Shape}")}; give it in Examples.NamedTargets.");
            }
        }

        return (examples with { ClassNames = label.ClassNames }, label);
    }

    /// <summary>Refuses a validation set that needs another network than the training set.</summary>
    /// <param name="validation">The validation set.</param>
    /// <param name="itsLabel">What its label is.</param>
    /// <param name="training">The training set.</param>
    /// <param name="label">What its label is.</param>
    /// <exception cref="ArgumentException">Its shape, its targets or its classes differ from those of the training
    /// set, or it calls yes and no otherwise.</exception>
    public static void CheckSuits(this Examples validation, LabelInfo itsLabel, Examples training, LabelInfo label)
    {
        if (validation.Shape != training.Shape)
        {
            throw Unsuited("are", $"{validation.Shape}", $"{training.Shape}");
        }

        if (validation.TargetWidth != training.TargetWidth)
        {
            throw Unsuited("have", $"{validation.TargetWidth} target values each", $"{training.TargetWidth}");
        }

        if (!validation.AllTargets.Select(t => t.Part).SequenceEqual(training.AllTargets.Select(t => t.Part)))
        {
            throw Unsuited("have", $"the targets {Text(validation)}", Text(training));
        }

        if (!validation.ClassNames.Equals(training.ClassNames))
        {
            throw Unsuited("have", $"the classes {validation.ClassNames}", $"{training.ClassNames}");
        }

        if (itsLabel.HasOtherWordsThan(label))
        {
            throw Unsuited("have", $"{itsLabel.YesNoNames} for no and yes", $"{label.YesNoNames}");
        }
    }

    private static string Text(Examples examples) =>
        examples.AllTargets.Any() ? string.Join(", ", examples.AllTargets.Select(t => $"'{t.Name}' {t.Shape}")) : "none";

    private static ArgumentException Unsuited(string what, string there, string here) =>
        new($"The validation examples {what} {there}, the training examples {here}; prepare both alike, and give both "
            + "the same ClassNames in the same order.");
}
