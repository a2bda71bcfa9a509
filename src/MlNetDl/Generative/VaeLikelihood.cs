using MlNetDl.Data;

namespace MlNetDl.Generative;

/// <summary>How likely rows are to a variational autoencoder, in nats a row.</summary>
/// <param name="NegativeLogLikelihood">−log p(x) by importance sampling, the mean over the rows; lower is better.</param>
/// <param name="StandardError">How far chance among the rows may have moved that mean.</param>
/// <param name="NegativeElbo">The bound that is trained, by the same draws.</param>
/// <param name="Rows">How many rows there were.</param>
/// <param name="Samples">Codes that were drawn for each.</param>
public sealed record VaeLikelihood(double NegativeLogLikelihood, double StandardError, double NegativeElbo, int Rows, int Samples)
{
    /// <summary>The divergence of each value of the code from a normal prior, that of the row's class where it is learned; in nats, the mean over
    /// the rows. One near 0 says nothing of a row.</summary>
    public required IReadOnlyList<double> DivergenceByValue { get; init; }

    /// <summary>How many values of the code vary over the rows: those whose mean has a variance above 0.01 (Burda et al. 2015). Few mean that
    /// the decoder ignores the code (posterior collapse).</summary>
    public required int ActiveUnits { get; init; }
}

/// <summary>The sampling behind <see cref="VaeLikelihood"/>.</summary>
internal sealed class VaeLikelihoodRun
{
    private const int MostCodes = 512;
    private const double Active = 0.01;

    private readonly VaeModel model;
    private readonly Vae spec;
    private readonly int samples, seed, latent;
    private readonly double[] sum, squares, divergence;
    private readonly List<double> likelihoods = [], bounds = [];

    public VaeLikelihoodRun(VaeModel model, int samples, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(samples, 100_000);
        (this.model, this.samples, this.seed, spec, latent) = (model, samples, seed, model.Spec, model.Latent);
        (sum, squares, divergence) = (new double[latent], new double[latent], new double[latent]);
    }

    /// <summary>−log p(x) of each row.</summary>
    public double[] OfRows(Examples rows, CancellationToken stop)
    {
        Judge(rows, stop);
        return [.. likelihoods];
    }

    /// <summary>Means over the rows.</summary>
    public VaeLikelihood Of(Examples rows, CancellationToken stop)
    {
        Judge(rows, stop);
        double average = likelihoods.Average();
        double deviation = likelihoods.Count < 2 ? 0 : Math.Sqrt(likelihoods.Sum(v => (v - average) * (v - average)) / (likelihoods.Count - 1));
        return new(average, deviation / Math.Sqrt(likelihoods.Count), bounds.Average(), rows.Count, samples)
        {
            DivergenceByValue = [.. divergence.Select(d => d / rows.Count)],
            ActiveUnits = Enumerable.Range(0, latent).Count(i => (squares[i] / rows.Count) - Math.Pow(sum[i] / rows.Count, 2) > Active),
        };
    }

    private void Judge(Examples rows, CancellationToken stop)
    {
        double errors = ErrorVariance(rows, stop);
        int atOnce = Math.Max(1, MostCodes / samples);
        var random = new Random(seed);
        var priors = new Dictionary<int, float[]>();
        for (int first = 0; first < rows.Count; first += atOnce)
        {
            stop.ThrowIfCancellationRequested();
            int count = Math.Min(atOnce, rows.Count - first);
            var classes = model.ClassesOf(rows, first, count);
            var (observed, values) = model.Observed(rows, first, count, seed);
            var (means, variances) = model.Encode(values, classes);
            var noise = Gauss.Draw(count * samples * latent, random);
            var codes = new float[noise.Length];
            for (int i = 0; i < noise.Length; i++)
            {
                int at = (i / latent / samples * latent) + (i % latent);
                codes[i] = means[at] + (variances.Length == 0 ? noise[i] : (float)Math.Exp(variances[at] / 2.0) * noise[i]);
            }

            var outputs = model.Outputs(codes, classes?.SelectMany(c => Enumerable.Repeat(c, samples)).ToArray());
            for (int row = 0; row < count; row++)
            {
                int own = classes?[row] ?? 0;
                if (!priors.TryGetValue(own, out var prior))
                {
                    priors[own] = prior = model.PriorOf(own);
                }

                var weights = new double[samples];
                for (int k = 0; k < samples; k++)
                {
                    int code = (row * samples) + k;
                    double posterior = 0;
                    for (int i = 0; i < latent; i++)
                    {
                        double n = noise[(code * latent) + i];
                        posterior -= ((n * n) + Math.Log(2 * Math.PI) + (variances.Length == 0 ? 0 : variances[(row * latent) + i])) / 2;
                    }

                    weights[k] = spec.Likelihood.Log(
                            outputs.AsSpan(code * model.Width, model.Width), observed.AsSpan(row * model.Width, model.Width), errors)
                        + spec.Prior.LogDensity(codes.AsSpan(code * latent, latent), prior) - posterior;
                }

                double most = weights.Max();
                likelihoods.Add(-(most + Math.Log(weights.Average(w => Math.Exp(w - most)))));
                bounds.Add(-weights.Average());
                Count(means.AsSpan(row * latent, latent), variances.Length == 0 ? [] : variances.AsSpan(row * latent, latent), prior);
            }
        }
    }

    private void Count(ReadOnlySpan<float> means, ReadOnlySpan<float> variances, ReadOnlySpan<float> prior)
    {
        for (int i = 0; i < latent; i++)
        {
            double mean = means[i], log = variances.IsEmpty ? 0 : variances[i];
            double center = prior.IsEmpty ? 0 : prior[i], priorLog = prior.IsEmpty ? 0 : prior[latent + i];
            sum[i] += mean;
            squares[i] += mean * mean;
            divergence[i] += ((((mean - center) * (mean - center)) + Math.Exp(log)) / Math.Exp(priorLog) - 1 + priorLog - log) / 2;
        }
    }

    // Of reconstructions by the mean of each code, on the scale of the likelihood.
    private double ErrorVariance(Examples rows, CancellationToken stop)
    {
        if (spec.Likelihood is not Gaussian { Variance: null })
        {
            return 1;
        }

        double sum = 0;
        for (int first = 0; first < rows.Count; first += MostCodes)
        {
            stop.ThrowIfCancellationRequested();
            int count = Math.Min(MostCodes, rows.Count - first);
            var classes = model.ClassesOf(rows, first, count);
            var (observed, values) = model.Observed(rows, first, count, seed);
            sum += model.Outputs(model.Encode(values, classes).Means, classes).Zip(observed, (a, b) => Math.Pow(a - b, 2)).Sum();
        }

        return Math.Max(1e-6, sum / ((double)rows.Count * model.Width));
    }
}
