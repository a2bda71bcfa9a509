namespace MlNetDl.Experiments;

/// <summary>Finds images that are there several times, byte for byte, where that makes figures wrong.</summary>
internal static class RepeatedImages
{
    /// <summary>What is said of them.</summary>
    /// <param name="training">The images to train on.</param>
    /// <param name="others">The other parts, with what they are called.</param>
    public static IEnumerable<string> Warnings(ImageRows training, IReadOnlyList<(string Name, ImageRows Rows)> others)
    {
        var first = new Dictionary<UInt128, int>();
        var otherwise = new List<(int First, int Second)>();
        for (int i = 0; i < training.Count; i++)
        {
            if (!first.TryAdd(training.Digests[i], i) && training.Part.Labels is { } labels && labels[first[training.Digests[i]]] != labels[i])
            {
                otherwise.Add((first[training.Digests[i]], i));
            }
        }

        if (otherwise.Count > 0)
        {
            var (a, b) = otherwise[0];
            yield return $"{Counted(otherwise.Count)} to train on twice with different labels, byte for byte, such as '{training.Part.Files[a]}' and "
                + $"'{training.Part.Files[b]}'; one of the labels is wrong.";
        }

        foreach (var (name, rows) in others)
        {
            var known = Enumerable.Range(0, rows.Count).Where(i => first.ContainsKey(rows.Digests[i])).ToList();
            if (known.Count > 0)
            {
                yield return $"{Counted(known.Count)} in the {name} part and to train on too, byte for byte, such as '{rows.Part.Files[known[0]]}' and "
                    + $"'{training.Part.Files[first[rows.Digests[known[0]]]]}': figures of that part flatter the model; remove one of each.";
            }
        }
    }

    private static string Counted(int count) => TableFormat.Counted(count, "image is", "images are");
}
