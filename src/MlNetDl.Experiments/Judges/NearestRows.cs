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
        int count = Math.Min(Rows, model.Test.Count), width = (int)model.Test.Shape.ElementsPerExample(), latent = model.Latent.Model.Latent;
        var test = new float[count * width];
        model.Test.CopyTo(0, count, test);
        var known = new float[Math.Min(Among, model.Train.Count) * width];
        model.Train.CopyTo(0, known.Length / width, known);
        var rows = known.Chunk(width).ToList();
        double Distance(float[] values) => values.Chunk(width).AsParallel().AsOrdered().WithCancellation(model.Stop)
            .Select(v => rows.Min(r => TensorPrimitives.Distance<float>(v, r))).ToArray().Average() / model.Latent.Peak;
        var codes = model.Latent.Encode(test).Means;
        var middles = new float[codes.Length];
        for (int i = 0; i < middles.Length; i++)
        {
            middles[i] = (codes[i] + codes[(i + latent) % codes.Length]) / 2;
        }

        return new Dictionary<string, double>
        {
            ["dataDistance"] = Distance(test),
            ["sampleDistance"] = Distance(model.Latent.Decode(Gauss.Draw(count * latent, new Random(model.Seed)))),
            ["middleDistance"] = Distance(model.Latent.Decode(middles)),
        };
    }
}
