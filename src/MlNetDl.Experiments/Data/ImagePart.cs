using MlNetDl.Data;
using MlNetDl.Images;

namespace MlNetDl.Experiments;

/// <summary>Image files of one part of the data, with their labels as they are written.</summary>
/// <param name="Place">What it is called in messages: its folder or its list.</param>
/// <param name="Files">The paths.</param>
/// <param name="Labels">A label each; <see langword="null"/> where there are none.</param>
internal sealed record ImagePart(string Place, IReadOnlyList<string> Files, IReadOnlyList<string>? Labels)
{
    /// <summary>The names of the classes, in ordinal order.</summary>
    public IReadOnlyList<string> Classes => Labels is null ? [] : [.. Labels.Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Decodes the files.</summary>
    /// <param name="input">The size and colours wanted.</param>
    /// <param name="budget">The memory that all parts may take.</param>
    /// <param name="problems">Gets what could not be read; those files are left out.</param>
    public ImageRows Read(ImageInput input, MemoryBudget budget, List<ImageFormatException> problems)
    {
        var decoded = ImageFiles.Read(Files, input, budget);
        problems.AddRange(decoded.Problems.OfType<ImageFormatException>());
        return new ImageRows(this, decoded.Examples, decoded.Heads, decoded.Digests).Where(i => decoded.Problems[i] is null);
    }
}

/// <summary>Decoded images of one part, and where each came from.</summary>
/// <param name="Part">The files and labels.</param>
/// <param name="Pixels">The images, without targets.</param>
/// <param name="Heads">The heads of the files.</param>
/// <param name="Digests">Digests of the files.</param>
internal sealed record ImageRows(ImagePart Part, Examples Pixels, IReadOnlyList<ImageHead?> Heads, IReadOnlyList<UInt128> Digests)
{
    /// <summary>How many there are.</summary>
    public int Count => Digests.Count;

    /// <summary>Some of them.</summary>
    public ImageRows Where(Func<int, bool> accept)
    {
        int[] rows = [.. Enumerable.Range(0, Count).Where(accept)];
        return rows.Length == Count ? this : new(
            Part with
            {
                Files = [.. rows.Select(i => Part.Files[i])],
                Labels = Part.Labels is { } labels ? [.. rows.Select(i => labels[i])] : null,
            },
            Pixels.Where(accept),
            [.. rows.Select(i => Heads[i])],
            [.. rows.Select(i => Digests[i])]);
    }
}
