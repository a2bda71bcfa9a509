using System.Globalization;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Data;

/// <summary>All targets of a set in memory, in a fixed order.</summary>
internal sealed class ExampleTargets
{
    private readonly IReadOnlyList<(Array Values, int Width)> arrays;

    /// <summary>The targets of a set: first those of <paramref name="order"/>, in that order, then the
    /// others.</summary>
    public ExampleTargets(Examples examples, IReadOnlyList<TargetPart>? order = null)
    {
        var names = (order ?? []).Select(p => p.Name).ToList();
        All = [.. examples.AllTargets.OrderBy(t => names.IndexOf(t.Name) is >= 0 and var at ? at : int.MaxValue)];
        Parts = [.. All.Select(t => t.Part)];
        arrays = [.. All.Select(t => (t.Values, t.Part.Width))];
    }

    /// <summary>The targets.</summary>
    public IReadOnlyList<NamedTarget> All { get; }

    /// <summary>Names and shapes of the targets.</summary>
    public IReadOnlyList<TargetPart> Parts { get; }

    /// <summary>Copies the numbers of all targets of an example, one after the other.</summary>
    public void Copy(int example, Span<float> target)
    {
        foreach (var (values, width) in arrays)
        {
            if (values is float[] floats)
            {
                floats.AsSpan(checked(example * width), width).CopyTo(target);
            }
            else
            {
                var integers = ((long[])values).AsSpan(checked(example * width), width);
                for (int i = 0; i < width; i++)
                {
                    target[i] = integers[i];
                }
            }

            target = target[width..];
        }
    }

    /// <summary>Refuses arrays that do not belong to the set.</summary>
    /// <exception cref="ArgumentException">One is of another type or length, or two have one name.</exception>
    public static void Check(Examples examples)
    {
        foreach (var target in examples.AllTargets)
        {
            if (target.Part.Problem is { } problem)
            {
                throw new ArgumentException(
                    $"The target '{target.Name}' of the examples is {target.Shape}, but {problem}.");
            }

            var part = target.Part;
            if (target.Values is not (long[] or float[]) || target.Values is long[] != (part.Shape.Type == ElementType.Int64)
                || target.Values.LongLength != (long)examples.Count * part.Width)
            {
                throw new ArgumentException(
                    $"The target '{target.Name}' is {target.Shape} and holds {target.Values?.LongLength ?? 0} values "
                        + $"in a {target.Values?.GetType().Name ?? "null"}, for {examples.Count} examples; give long[] "
                        + "for int64 and float[] for float32, of that many examples.");
            }
        }

        examples.AllTargets.Select(t => t.Part).ToList().Check("the examples");
    }

    /// <summary>Refuses values for which no loss can be computed.</summary>
    /// <exception cref="ArgumentException">A value of a further target is not finite; the message says
    /// where.</exception>
    public static void CheckFinite(Examples examples)
    {
        foreach (var target in examples.NamedTargets)
        {
            if (target.Values is float[] values && Array.FindIndex(values, v => !float.IsFinite(v)) is >= 0 and var at)
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"The target '{target.Name}' of example {at / target.Part.Width} is {values[at]}; give finite "
                        + $"numbers, or leave the example out."));
            }
        }
    }
}
