namespace MlNetDl.Data;

/// <summary>Parts of <see cref="Examples"/>.</summary>
public static class ExampleSplit
{
    /// <summary>Splits off a validation part, drawn by the seed and stratified by class where there are classes. A
    /// class that would lose all its examples keeps them all.</summary>
    /// <param name="examples">The whole set.</param>
    /// <param name="fraction">Share of the validation part, 0 or more and below 1.</param>
    /// <param name="seed">The seed.</param>
    public static (Examples Training, Examples Validation) Split(this Examples examples, double fraction, int seed) =>
        examples.Split(fraction, seed, i => examples.Targets is long[] classes && examples.TargetWidth == 1 ? classes[i] : 0);

    /// <summary>Splits off a validation part of each stratum.</summary>
    /// <param name="examples">The whole set.</param>
    /// <param name="fraction">Share of the validation part.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="stratum">The stratum of an example.</param>
    /// <param name="kept">Called with the strata that keep all examples, because they would have lost all of
    /// them.</param>
    internal static (Examples Training, Examples Validation) Split(
        this Examples examples, double fraction, int seed, Func<int, long> stratum, HashSet<long>? kept = null)
    {
        CheckLengths(examples);
        bool[] held = HoldOut.Of(Enumerable.Range(0, examples.Count).Select(stratum), fraction, seed, kept ?? []);
        return (examples.Where(i => !held[i]), examples.Where(i => held[i]));
    }

    /// <summary>The first <paramref name="count"/> examples, or all when there are fewer.</summary>
    public static Examples Take(this Examples examples, int count) => count >= examples.Count ? examples : examples.Where(i => i < count);

    /// <summary>A sample of <paramref name="count"/> examples, or all when there are fewer: drawn by the seed, each class
    /// in its share of the whole, in the order of the whole.</summary>
    /// <param name="examples">The whole set.</param>
    /// <param name="count">How many; 0 or more.</param>
    /// <param name="seed">The seed.</param>
    public static Examples Sample(this Examples examples, int count, int seed)
    {
        CheckLengths(examples);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count >= examples.Count)
        {
            return examples;
        }

        // The earliest of all classes are as many of each as its share.
        var (ranks, classes) = RanksInClasses(examples, seed);
        var sizes = classes.CountBy(c => c).ToDictionary();
        double[] positions = [.. ranks.Select((rank, i) => (rank + 0.5) / sizes[classes[i]])];
        var taken = Enumerable.Range(0, examples.Count).OrderBy(i => positions[i]).ThenBy(i => classes[i]).Take(count).ToHashSet();
        return examples.Where(taken.Contains);
    }

    /// <summary>One split of a cross-validation: the examples of a fold, and those of all other folds. Each example lies in
    /// one fold, drawn by the seed; the examples of a class are spread evenly.</summary>
    /// <param name="examples">The whole set.</param>
    /// <param name="fold">The fold to hold out, from 0.</param>
    /// <param name="folds">How many there are, 2 or more.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="ArgumentException">There are fewer examples than folds.</exception>
    public static (Examples Training, Examples Validation) Fold(this Examples examples, int fold, int folds, int seed)
    {
        CheckLengths(examples);
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        ArgumentOutOfRangeException.ThrowIfNegative(fold);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(fold, folds);
        if (examples.Count < folds)
        {
            throw new ArgumentException($"{examples.Count} examples make no {folds} folds; ask for fewer.", nameof(folds));
        }

        // The classes follow each other, so that the folds of small classes are not all the first.
        var (ranks, classes) = RanksInClasses(examples, seed);
        var folded = new int[examples.Count];
        int next = 0;
        foreach (int i in Enumerable.Range(0, examples.Count).OrderBy(i => classes[i]).ThenBy(i => ranks[i]))
        {
            folded[i] = next++ % folds;
        }

        return (examples.Where(i => folded[i] != fold), examples.Where(i => folded[i] == fold));
    }

    // The rank of each example within its class, from 0, in an order that the seed draws. All are of one class where
    // there are none.
    private static (int[] Ranks, long[] Classes) RanksInClasses(Examples examples, int seed)
    {
        var classes = (examples.TargetWidth, examples.Targets) switch
        {
            (1, long[] indices) => indices,
            (1, float[] values) when Array.TrueForAll(values, v => v is 0 or 1) => Array.ConvertAll(values, v => (long)v),
            _ => new long[examples.Count],
        };
        var (ranks, drawn) = (new int[examples.Count], new Dictionary<long, int>());
        foreach (long i in SeededOrder.Permutation(examples.Count, seed, epoch: 0))
        {
            ranks[i] = drawn.GetValueOrDefault(classes[i]);
            drawn[classes[i]] = ranks[i] + 1;
        }

        return (ranks, classes);
    }

    /// <summary>The examples whose index is accepted, in order.</summary>
    public static Examples Where(this Examples examples, Func<int, bool> accept)
    {
        CheckLengths(examples);
        var rows = Enumerable.Range(0, examples.Count).Where(accept).ToArray();
        return examples with
        {
            Features = examples.Images is null ? Rows(examples.Features, rows, examples.Count) : examples.Features,
            Images = examples.Images?.Where(rows),
            Targets = examples.Targets is { } targets ? Rows(targets, rows, examples.Count) : null,
            NamedTargets = [.. examples.NamedTargets.Select(t => t with { Values = Rows(t.Values, rows, examples.Count) })],
            Weights = (float[]?)(examples.Weights is { } weights ? Rows(weights, rows, examples.Count) : null),
        };
    }

    // Cut to the count of the features, rows would be lost without a word.
    private static void CheckLengths(Examples examples)
    {
        Array?[] besides = [examples.Targets, examples.Weights, .. examples.NamedTargets.Select(t => t.Values)];
        if (besides.FirstOrDefault(a => a is not null && (examples.Count == 0 ? a.Length > 0 : a.LongLength % examples.Count != 0)) is { } other)
        {
            throw new ArgumentException($"The features make {examples.Count} examples, but beside them are {other.LongLength} values, "
                + "which are not as many for each; give features, targets and weights of the same examples.");
        }
    }

    private static Array Rows(Array source, int[] rows, int count)
    {
        if (rows.Length == count)
        {
            return source;
        }

        // The count is in elements, because a set may have more bytes than an int can count.
        long width = source.LongLength / count;
        var target = Array.CreateInstance(source.GetType().GetElementType()!, rows.Length * width);
        for (int i = 0; i < rows.Length; i++)
        {
            Array.Copy(source, rows[i] * width, target, i * width, width);
        }

        return target;
    }
}
