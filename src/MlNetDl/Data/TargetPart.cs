using MlNetDl.Layers.Contracts;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Data;

/// <summary>What one named target of an example looks like.</summary>
/// <param name="Name">Its name in <see cref="Batch.Targets"/>; <see cref="Batch.DefaultTarget"/> is what the default kind of training compares with.</param>
/// <param name="Shape">Its shape in a batch, all sizes but the batch known: int64 [N] for a class, float32 [N, K] for values,
/// float32 [N, M, 4] for boxes.</param>
public sealed record TargetPart(string Name, Shape Shape)
{
    /// <summary>A class index, int64 [N].</summary>
    public static TargetPart Class(string name = Batch.DefaultTarget) => new(name, new(ElementType.Int64, [Dim.Batch]));

    /// <summary>Values, float32 [N, <paramref name="width"/>].</summary>
    public static TargetPart Values(int width, string name = Batch.DefaultTarget) => new(name, Shape.Vector(width));

    /// <summary>Numbers of one example.</summary>
    public int Width => checked((int)Shape.ElementsPerExample());

    /// <summary>The dimensions of a batch.</summary>
    internal long[] Dims(long rows) => [rows, .. Enumerable.Range(1, Shape.Rank - 1).Select(i => (long)Shape.Size(i))];
}

/// <summary>The targets of a row: one after the other in one span, cut by their parts.</summary>
public static class TargetParts
{
    /// <summary>Numbers of all parts of one row.</summary>
    public static int Width(this IReadOnlyList<TargetPart> parts) => parts.Sum(p => p.Width);

    /// <summary>Where the part of a name lies in a row's numbers; <see langword="null"/> where there is none.</summary>
    public static System.Range? RangeOf(this IReadOnlyList<TargetPart> parts, string name)
    {
        int start = parts.TakeWhile(p => p.Name != name).ToList().Width();
        return parts.FirstOrDefault(p => p.Name == name) is { } part ? start..(start + part.Width) : null;
    }

    /// <summary>The parts of some rows as tensors by name.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="rows">The rows' numbers, row after row.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="device">Where the tensors are to be.</param>
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
