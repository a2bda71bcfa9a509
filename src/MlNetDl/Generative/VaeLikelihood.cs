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
    /// <summary>The divergence of each value of the code from a standard normal, in nats, the mean over the rows. One near 0 says nothing of a
    /// row.</summary>
    public required IReadOnlyList<double> DivergenceByValue { get; init; }

    /// <summary>How many values of the code vary over the rows: those whose mean has a variance above 0.01 (Burda et al. 2015). Few mean that
    /// the decoder ignores the code (posterior collapse).</summary>
    public required int ActiveUnits { get; init; }
}

/// <summary>The sampling behind <see cref="VaeLikelihood"/>.</summary>
internal sealed class VaeLikelihoodRun(VaeModel model, int samples, int seed)
{
    private const int MostCodes = 512;
    private const double Active = 0.01;

    private readonly int latent = model.Spec.Latent;

    public VaeLikelihood Of(Examples rows, CancellationToken stop)
    {
        double errors = ErrorVariance(rows, stop);
        int atOnce = Math.Max(1, MostCodes / samples);
        var random = new Random(seed);
        var (likelihoods, bounds) = (new List<double>(), new List<double>());
        var (sum, squares, divergence) = (new double[latent], new double[latent], new double[latent]);
        for (int first = 0; first < rows.Count; first += atOnce)
        {
            stop.ThrowIfCancellationRequested();
            int count = Math.Min(atOnce, rows.Count - first);
            var (observed, values) = model.Observed(rows, first, count, seed);
            var (means, variances) = model.Encode(values);
            var noise = Gauss.Draw(count * samples * latent, random);
            var codes = new float[noise.Length];
            for (int i = 0; i < noise.Length; i++)
            {
                int at = (i / latent / samples * latent) + (i % latent);
                codes[i] = means[at] + (variances.Length == 0 ? noise[i] : (float)Math.Exp(variances[at] / 2.0) * noise[i]);
            }

            var outputs = model.Outputs(codes);
            for (int row = 0; row < count; row++)
            {
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

                    weights[k] = model.Spec.Likelihood.Log(
                            outputs.AsSpan(code * model.Width, model.Width), observed.AsSpan(row * model.Width, model.Width), errors)
                        + model.Spec.Prior.LogDensity(codes.AsSpan(code * latent, latent)) - posterior;
                }

                double most = weights.Max();
                likelihoods.Add(-(most + Math.Log(weights.Average(w => Math.Exp(w - most)))));
                bounds.Add(-weights.Average());
                for (int i = 0; i < latent; i++)
                {
                    double mean = means[(row * latent) + i], variance = variances.Length == 0 ? 0 : variances[(row * latent) + i];
                    sum[i] += mean;
                    squares[i] += mean * mean;
                    divergence[i] += ((mean * mean) + Math.Exp(variance) - 1 - variance) / 2;
                }
            }
        }

        double average = likelihoods.Average();
        double deviation = likelihoods.Count < 2 ? 0 : Math.Sqrt(likelihoods.Sum(v => (v - average) * (v - average)) / (likelihoods.Count - 1));
        return new(average, deviation / Math.Sqrt(likelihoods.Count), bounds.Average(), rows.Count, samples)
        {
            DivergenceByValue = [.. divergence.Select(d => d / rows.Count)],
            ActiveUnits = Enumerable.Range(0, latent).Count(i => (squares[i] / rows.Count) - Math.Pow(sum[i] / rows.Count, 2) > Active),
        };
    }

    // Of reconstructions by the mean of each code, on the scale of the likelihood.
    private double ErrorVariance(Examples rows, CancellationToken stop)
    {
        if (model.Spec.Likelihood is not Gaussian { Variance: null })
        {
            return 1;
        }

        double sum = 0;
        for (int first = 0; first < rows.Count; first += MostCodes)
        {
            stop.ThrowIfCancellationRequested();
            var (observed, values) = model.Observed(rows, first, Math.Min(MostCodes, rows.Count - first), seed);
            sum += model.Outputs(model.Encode(values).Means).Zip(observed, (a, b) => Math.Pow(a - b, 2)).Sum();
        }

        return Math.Max(1e-6, sum / ((double)rows.Count * model.Width));
    }
}
