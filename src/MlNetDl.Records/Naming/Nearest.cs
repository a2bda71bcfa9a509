namespace MlNetDl.Naming;

/// <summary>Finds the known name that was probably meant.</summary>
internal static class Nearest
{
    /// <summary>"did you mean …?" with the nearest of <paramref name="known"/>, or the whole list when
    /// none is near.</summary>
    public static string Hint(string name, IEnumerable<string> known)
    {
        var names = known.ToList();
        return Of(name, names) is { } best ? $"did you mean '{best}'?"
            : names.Count == 0 ? "none is known here."
            : $"known are: {string.Join(", ", names.Order(StringComparer.Ordinal))}.";
    }

    /// <summary>The nearest of <paramref name="known"/>; <see langword="null"/> when none is near.</summary>
    public static string? Of(string name, IEnumerable<string> known)
    {
        var (best, distance) = known.Select(k => (Name: k, Distance: Distance(name.ToLowerInvariant(), k.ToLowerInvariant())))
            .DefaultIfEmpty((Name: "", Distance: int.MaxValue)).MinBy(k => k.Distance);
        return distance <= Math.Max(2, name.Length / 2) ? best : null;
    }

    // Damerau–Levenshtein with adjacent transpositions.
    internal static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    d[i, j] = i + j;
                    continue;
                }

                int change = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j], d[i, j - 1]) + 1, d[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}
