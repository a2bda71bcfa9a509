namespace MlNetDl.Experiments;

/// <summary>Draws factors and encodes their images. Factors of one value always keep it and are none of
/// <see cref="Factors"/>.</summary>
internal sealed class CodeSampler(FactorImages images, ImageEncoder encoder, int encoderBatch, CancellationToken stop = default)
{
    // Codes are kept for up to so many combinations of factors. Beyond, hardly any image comes twice.
    private const long MostKept = 2_000_000;

    private readonly int[] active = [.. Enumerable.Range(0, images.Factors.Count).Where(f => images.Factors[f].Size > 1)];

    private readonly float[]?[]? kept = images.Combinations <= MostKept ? new float[]?[images.Combinations] : null;

    private int? width;

    /// <summary>Cancels the scores.</summary>
    public CancellationToken Stop => stop;

    /// <summary>The factors of more than one value.</summary>
    public IReadOnlyList<Factor> Factors { get; } = [.. images.Factors.Where(f => f.Size > 1)];

    /// <summary>Draws a value of each factor, for some images.</summary>
    /// <returns>A value for each factor of the generator, image by image.</returns>
    public int[] Values(int count, Random random)
    {
        var values = new int[count * images.Factors.Count];
        for (int i = 0; i < count; i++)
        {
            foreach (int factor in active)
            {
                values[Place(i, factor)] = random.Next(images.Factors[factor].Size);
            }
        }

        return values;
    }

    /// <summary>The place of a factor's value among the values of some images.</summary>
    /// <param name="image">The image, counted from 0.</param>
    /// <param name="factor">The factor by its index in <see cref="Factors"/>.</param>
    public int PlaceOf(int image, int factor) => Place(image, active[factor]);

    /// <summary>Images with factors that are drawn independently, and their codes.</summary>
    public CodeSample Draw(int count, Random random)
    {
        var values = Values(count, random);
        var codes = Codes(values, count, out int dimensions);
        int[][] labels = [.. Enumerable.Range(0, active.Length).Select(
            f => Enumerable.Range(0, count).Select(i => values[PlaceOf(i, f)]).ToArray())];
        return new(dimensions, codes, labels, Factors);
    }

    /// <summary>The codes of the images with these values, one after the other.</summary>
    /// <param name="values">A value for each factor of the generator, image by image.</param>
    /// <param name="count">The number of images, 1 or more.</param>
    /// <param name="dimensions">The length of a code.</param>
    public float[] Codes(int[] values, int count, out int dimensions)
    {
        var rows = new float[count][];
        var missing = new List<int>();
        var awaited = new Dictionary<long, int>();
        var numbers = new long[count];
        for (int i = 0; i < count; i++)
        {
            numbers[i] = kept is null ? i : Combination(values, i);
            if (kept?[numbers[i]] is { } known)
            {
                rows[i] = known;
            }
            else if (awaited.TryAdd(numbers[i], i))
            {
                missing.Add(i);
            }
        }

        stop.ThrowIfCancellationRequested();
        foreach (var chunk in missing.Chunk(encoderBatch))
        {
            stop.ThrowIfCancellationRequested();
            Encode(values, chunk, rows);
            foreach (int i in chunk.Where(_ => kept is not null))
            {
                kept![numbers[i]] = rows[i];
            }
        }

        dimensions = width!.Value;
        var codes = new float[count * dimensions];
        for (int i = 0; i < count; i++)
        {
            (rows[i] ?? rows[awaited[numbers[i]]]).CopyTo(codes, i * dimensions);
        }

        return codes;
    }

    private void Encode(int[] values, int[] chosen, float[][] rows)
    {
        int factors = images.Factors.Count;
        int[] picked = [.. chosen.SelectMany(i => values.AsSpan(i * factors, factors).ToArray())];
        var codes = encoder(images.Draw(picked, chosen.Length), chosen.Length);
        int length = codes.Length / chosen.Length;
        if (length == 0 || codes.Length % chosen.Length != 0 || length != (width ??= length))
        {
            throw new InvalidOperationException(
                $"The encoder gave {codes.Length} numbers for {chosen.Length} images, which is not "
                    + (width is > 0 ? $"{width} for each as before" : "one code for each")
                    + "; give codes of one length, one after the other.");
        }

        for (int i = 0; i < chosen.Length; i++)
        {
            rows[chosen[i]] = codes.AsSpan(i * length, length).ToArray();
            if (!rows[chosen[i]].All(float.IsFinite))
            {
                throw new InvalidOperationException(
                    $"The encoder gave a number that is not finite for the image with the factors "
                        + $"[{string.Join(", ", picked.AsSpan(i * factors, factors).ToArray())}]; scores need finite codes.");
            }
        }
    }

    private int Place(int image, int factor) => (image * images.Factors.Count) + factor;

    private long Combination(int[] values, int image)
    {
        long number = 0;
        for (int f = 0; f < images.Factors.Count; f++)
        {
            number = (number * images.Factors[f].Size) + values[Place(image, f)];
        }

        return number;
    }
}
