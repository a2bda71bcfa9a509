using MlNetDl.Experiments;

namespace MlNetDl.Cli.Tests.Disentanglement;

/// <summary>Images that are the values of their factors, and codes of them.</summary>
internal static class TestCodes
{
    /// <summary>Fewer points than by default, which is enough for codes that are clearly good or bad.</summary>
    public static DisentanglementOptions Few { get; } = new()
    {
        BatchSize = 32,
        Training = 1000,
        Test = 1000,
        VariancePoints = 2000,
        InformationPoints = 10_000,
        Trees = 20,
    };

    /// <summary>Three ordered factors, each of 20 values: 8,000 images.</summary>
    public static FactorImages Ordered { get; } = Images(new Factor("a", 20), new Factor("b", 20), new Factor("c", 20));

    /// <summary>The values of some factors as images: a number from 0 to 1 for each.</summary>
    public static FactorImages Images(params Factor[] factors) => new(
        factors,
        (values, count) => [.. Enumerable.Range(0, count * factors.Length)
            .Select(i => (float)values[i] / Math.Max(1, factors[i % factors.Length].Size - 1))]);

    /// <summary>A code that is a function of one image.</summary>
    public static ImageEncoder Each(int pixels, Func<float[], float[]> code) => (images, count) =>
        [.. Enumerable.Range(0, count).SelectMany(i => code(images[(i * pixels)..((i + 1) * pixels)]))];

    /// <summary>Numbers that have nothing to do with the image, but are always the same for it.</summary>
    public static float[] Noise(float[] image)
    {
        var random = new Random((int)image.Aggregate(17L, (hash, v) => ((hash * 31) + (long)Math.Round(v * 1000)) % 1_000_003));
        return [.. Enumerable.Range(0, 4).Select(_ => random.NextSingle())];
    }
}
