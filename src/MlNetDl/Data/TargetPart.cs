using MlNetDl.Layers.Contracts;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Data;

/// <summary>The name and the shape of one target.</summary>
/// <param name="Name">Its name in <see cref="Batch.Targets"/>; supervised training compares with <see
/// cref="Batch.DefaultTarget"/>.</param>
/// <param name="Shape">Its shape in a batch, all sizes but the batch known: int64 [N] for a class, float32 [N, K] for
/// values, float32 [N, M, 4] for boxes.</param>
public sealed record TargetPart(string Name, Shape Shape)
{
    /// <summary>A class index, int64 [N].</summary>
    /// <param name="name">Its name.</param>
    public static TargetPart Class(string name = Batch.DefaultTarget) => new(name, new(ElementType.Int64, [Dim.Batch]));

    /// <summary>Values, float32 [N, <paramref name="width"/>].</summary>
    /// <param name="width">How many an example has, 1 or more.</param>
    /// <param name="name">Its name.</param>
    public static TargetPart Values(int width, string name = Batch.DefaultTarget) => new(name, Shape.Vector(width));

    /// <summary>Numbers of one example.</summary>
    public int Width => checked((int)Shape.ElementsPerExample());

    /// <summary>The dimensions of a batch.</summary>
    internal long[] Dims(long rows) => Shape.DimsOf(rows);

    /// <summary>The reason why no batch can hold such a target; <see langword="null"/> where one can.</summary>
    internal string? Problem => Name.Length == 0 ? "it has no name"
        : Shape.Rank < 1 || Shape.Dims.Skip(1).Any(d => d.Size is null) ? "all sizes but the batch must be known"
        : Shape.Type is not (ElementType.Float32 or ElementType.Int64) ? "targets are float32 or int64"
        : null;
}

/// <summary>The targets of a row, one after the other in one span. The parts tell where each begins.</summary>
public static class TargetParts
{
    /// <summary>The number of values of all parts of one row.</summary>
    /// <param name="parts">The parts.</param>
    public static int Width(this IReadOnlyList<TargetPart> parts) => parts.Sum(p => p.Width);

    /// <summary>The range of the named part among a row's values; <see langword="null"/> where there is no such
    /// part.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="name">The name.</param>
    public static System.Range? RangeOf(this IReadOnlyList<TargetPart> parts, string name)
    {
        int start = parts.TakeWhile(p => p.Name != name).ToList().Width();
        return parts.FirstOrDefault(p => p.Name == name) is { } part ? start..(start + part.Width) : null;
    }

    /// <summary>Refuses targets that no batch could hold, before data is read.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="owner">The name of the source, for the message.</param>
    internal static void Check(this IReadOnlyList<TargetPart> parts, string owner)
    {
        if (parts.FirstOrDefault(p => p.Problem is not null) is { } wrong)
        {
            throw new ArgumentException($"{owner} has the target '{wrong.Name}' {wrong.Shape}, but {wrong.Problem}.");
        }

        if (parts.GroupBy(p => p.Name).FirstOrDefault(g => g.Skip(1).Any()) is { } twice)
        {
            throw new ArgumentException($"Two targets of {owner} are named '{twice.Key}'; give each a name of its own.");
        }
    }

    /// <summary>The parts of some rows as tensors by name.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="rows">The rows' numbers, row after row.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="device">The device of the tensors.</param>
    internal static Dictionary<string, Tensor> Tensors(this IReadOnlyList<TargetPart> parts, float[] rows, int count, Device device)
    {
        var tensors = new Dictionary<string, Tensor>();
        if (parts.Count == 0)
        {
            return tensors;
        }

        var all = tensor(rows).reshape(count, parts.Width());
        long start = 0;
        foreach (var part in parts)
        {
            tensors.Add(part.Name, all.narrow(1, start, part.Width).reshape(part.Dims(count)).to(device).In(part.Shape.Type));
            start += part.Width;
        }

        return tensors;
    }
}
