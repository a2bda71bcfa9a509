using System.Numerics.Tensors;
using MlNetDl.Configuration;
using MlNetDl.Generative;
using MlNetDl.Networks;

namespace MlNetDl.Experiments;

/// <summary>Whether there are holes among the codes: how far from the nearest training row lie test rows (<c>dataDistance</c>), what is made of codes drawn
/// from N(0, I) (<c>sampleDistance</c>), and what is made of codes in the middle between two test rows (<c>middleDistance</c>). Euclidean, with values
/// divided by the value of white; means. What lies far from all rows is no likely row.</summary>
/// <remarks>Blurred images lie near others, so look at <see cref="Sharpness"/> too.</remarks>
public sealed record NearestRows : Judge
{
    private const int Most = 1 << 28;

    /// <summary>Rows of each kind, 10 or more; 500 by default.</summary>
    [AtLeast(10)]
    public int Rows { get; init; } = 500;

    /// <summary>Training rows among which the nearest is looked for, 10 or more; 10,000 by default.</summary>
    [AtLeast(10)]
    public int Among { get; init; } = 10_000;

    /// <inheritdoc/>
    public override string? ProblemWith(ModelSpec network, DataSource data) => network is LatentModel { ConditionLabel: null } ? null
        : "looks at what a decoder makes; it needs an autoencoder that is told no class.";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Figures(JudgedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var (own, others) = (JudgedModel.Some(model.Test, Rows), JudgedModel.Some(model.Train, Among));
        int count = own.Count, width = (int)own.Shape.ElementsPerExample();
        if ((long)others.Count * width > Most)
        {
            throw new InvalidDataException($"judges.nearestRows keeps {others.Count} rows of {width} values; set among to {Most / width} or fewer.");
        }

        var test = model.Latent.AsTrained(own, 0, count);
        var known = model.Latent.AsTrained(others, 0, others.Count);
        var rows = known.Chunk(width).ToList();
        double Distance(float[] values) => values.Chunk(width).AsParallel().AsOrdered().WithCancellation(model.Stop)
            .Select(v => rows.Min(r => TensorPrimitives.Distance<float>(v, r))).ToArray().Average() / model.Latent.Peak;
        var drawn = new DrawnCodes(model.Latent, test, model.Seed);
        return new Dictionary<string, double>
        {
            ["dataDistance"] = Distance(test),
            ["sampleDistance"] = Distance(drawn.Normal),
            ["middleDistance"] = Distance(drawn.Middles),
        };
    }
}
