using MlNetDl.Layers.Contracts;
using MlNetDl.Naming;
using MlNetDl.Networks;
using MlNetDl.Tasks;

namespace MlNetDl.Models;

/// <summary>Impossible claims of a manifest: sizes that no network of this library has, and members that contradict
/// each other.</summary>
internal static class ManifestProblem
{
    private const int MostOutputs = 1 << 20, MostElements = 1 << 24, MostGraphs = 64;

    /// <summary>The claim, to be put behind "claims"; <see langword="null"/> where there is none.</summary>
    public static string? Of(ModelManifest manifest)
    {
        if (manifest.Graphs.Count is 0 or > MostGraphs)
        {
            return $"{manifest.Graphs.Count} graphs";
        }

        if (manifest.Graphs.Any(
            g => g?.Inputs is null || g.Outputs is null || g.Inputs.Contains(null!) || g.Outputs.Contains(null!))
            || manifest.Trainings.Contains(null!)
            || manifest.Label.ClassNames.Contains(null!))
        {
            return "nothing where a graph, an input, an output, a training or a class should be";
        }

        if (manifest.Graphs.GroupBy(g => g.Name).FirstOrDefault(g => g.Skip(1).Any()) is { } twice)
        {
            return $"two graphs named '{twice.Key}'";
        }

        return manifest.Graphs.Select(OfGraph).FirstOrDefault(p => p is not null) ?? OfLabel(manifest);
    }

    private static string? OfGraph(GraphSignature graph)
    {
        if (string.IsNullOrEmpty(graph.Name) || graph.Inputs is not { Count: > 0 } || graph.Outputs is not { Count: > 0 })
        {
            return $"a graph '{graph.Name}' without inputs or outputs";
        }

        return graph.Inputs.Select(OfInput).Concat(graph.Outputs.Select(OfOutput)).FirstOrDefault(p => p is not null);
    }

    private static string? OfInput(GraphInput input)
    {
        if (input.Shape is null
            || input.Shape.Rank < 1
            || !IsBetween(Elements(input.Shape), MostElements)
            || (input.Column is not null && input.Shape.Rank < 2))
        {
            return $"the input {input.Shape}";
        }

        if (input.Image is not { } image)
        {
            return null;
        }

        if (image.Channels is not (1 or 3) || !Enum.IsDefined(image.Resize))
        {
            return $"images of {image.Channels} channels, resized by {image.Resize}";
        }

        return input.Shape == Shape.Image(image.Channels, image.Height, image.Width) ? null
            : $"the input {input.Shape} for images of {image.Channels} channels, {image.Height} x {image.Width}";
    }

    private static string? OfOutput(GraphOutput output)
    {
        if (output.Shape is null || output.Shape.Rank < 1)
        {
            return $"the output {output.Shape}";
        }

        return !IsBetween(Elements(output.Shape), MostOutputs) ? $"{Elements(output.Shape)} outputs" : null;
    }

    // The first dimension is the batch; symbolic ones are known only with data.
    private static Int128 Elements(Shape shape) =>
        shape.Dims.Aggregate((Int128)1, (product, d) => product > MostElements ? product : product * (d.Size ?? 1));

    private static bool IsBetween(Int128 elements, int most) => elements >= 1 && elements <= most;

    private static string? OfLabel(ModelManifest manifest)
    {
        var label = manifest.Label;
        int unwritable = label.ClassNames.ToList().FindIndex(LoneSurrogates.In);
        if (unwritable >= 0)
        {
            return $"a name of class {unwritable} that no file can hold: '{LoneSurrogates.Shown(label.ClassNames[unwritable])}' has half "
                + $"of a surrogate pair; rename the class";
        }

        var columns = manifest.Graphs
            .SelectMany(g => g.Inputs.Select(i => i.Column).Concat(g.Outputs.Select(o => o.Column)))
            .Append(manifest.LabelColumn);
        if (columns.OfType<string>().FirstOrDefault(LoneSurrogates.In) is { } column)
        {
            return $"a column that no file can name: '{LoneSurrogates.Shown(column)}' has half of a surrogate pair; rename it";
        }

        if (label.Width is < 1 or > MostOutputs)
        {
            return $"{label.Width} values of a target";
        }

        // How many rows of its own an output has is known only with data.
        if (manifest.Task is { } task
            && manifest.Main.Role == GraphRole.Score
            && !manifest.Main.HasOwnRows(manifest.Main.Outputs[0])
            && task.Outputs(label) != manifest.Outputs)
        {
            return label.ClassNames.Count > 0 ? $"{label.ClassNames.Count} class names for {manifest.Outputs} "
                + $"outputs" : $"{manifest.Outputs} outputs where its task has {task.Outputs(label)}";
        }

        if (!Enum.IsDefined(label.ClassValues))
        {
            return $"an unknown type of class values {label.ClassValues}";
        }

        return label.ClassNames.FirstOrDefault(n => !ClassValueText.Fits(label.ClassValues, n)) is { } name
            ? $"a class '{name}', which is no {label.ClassValues}"
            : null;
    }
}
