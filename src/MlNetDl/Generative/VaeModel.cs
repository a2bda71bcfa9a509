using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Onnx;

namespace MlNetDl.Generative;

/// <summary>A trained <see cref="Vae"/> at work, on ONNX Runtime alone: codes of rows, rows of codes, new rows, and likelihoods.</summary>
/// <remarks>Any number of threads may use it at once.</remarks>
public sealed class VaeModel : IDisposable
{
    private const int AtOnce = 512;

    private readonly OnnxModel encoder, decoder, logits;
    private readonly GraphSignature encode;
    private readonly Normalize scale;

    private VaeModel(ModelPackage package, Vae spec)
    {
        Spec = spec;
        encode = package.Manifest.Graph(Vae.Encode);
        encoder = new(package.Graphs[Vae.Encode]);
        decoder = new(package.Graphs[Vae.Decode]);
        var tree = RecordJson.Deserialize<Network>(package.Manifest.Networks[Vae.NetworkName].GetRawText());
        var parts = ((Sequential)tree.Root).Children;
        scale = (Normalize)parts[0];
        // What is decoded before the likelihood's last layers: probabilities of float32 would be 0 or 1 where a pixel is sure.
        var plan = new Network(new Sequential(parts[^1]), [new(Vae.LatentInput, Shape.Vector(spec.Latent))]).Plan().ForScoring();
        logits = new(OnnxWriter.Write(plan, package.ReadWeights(Vae.NetworkName).WithFixed(plan)));
    }

    /// <summary>The model's settings.</summary>
    public Vae Spec { get; }

    /// <summary>The shape of rows, [N, …].</summary>
    public Shape Input => encode.Inputs[0].Shape;

    /// <summary>The value of white, where rows are images.</summary>
    public double Peak => Spec.PeakOf(Input);

    /// <summary>The model of a package.</summary>
    /// <exception cref="ArgumentException">It is no variational autoencoder.</exception>
    public static VaeModel Of(ModelPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        if (package.Manifest.Quantization is { } quantized)
        {
            throw new ArgumentException($"The model is quantised ({quantized.Words}), and its decoder's float weights are gone; take the model from before.");
        }

        return SpecOf(package.Manifest) is { } spec
            ? new(package, spec)
            : throw new ArgumentException("The model is no variational autoencoder, so it has no codes to generate from; train one: network: { type: vae }.");
    }

    /// <summary>The settings of a saved variational autoencoder; <see langword="null"/> where the model is another one.</summary>
    public static Vae? SpecOf(ModelManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return manifest.Model is { } json && RecordJson.Deserialize<ModelSpec>(json.GetRawText()) is Vae spec ? spec : null;
    }

    /// <summary>Means and log variances of the codes of rows, row-major; the latter empty where variances are 1.</summary>
    /// <param name="rows">Rows in the units of the features, row-major.</param>
    /// <exception cref="ArgumentException">The values are no whole rows.</exception>
    public (float[] Means, float[] LogVariances) Encode(float[] rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        int count = Count(rows, Width, "values of rows");
        var made = encoder.Run(new Dictionary<string, OnnxTensor> { [encode.Inputs[0].Name] = new([.. Input.DimsOf(count)], rows) });
        return (made[Network.DefaultOutput].Floats, made.TryGetValue(Vae.LogVariance, out var variances) ? variances.Floats : []);
    }

    /// <summary>The expected rows of codes, in the units of the features, row-major.</summary>
    /// <param name="codes">Codes, row-major.</param>
    /// <exception cref="ArgumentException">The values are no whole codes.</exception>
    public float[] Decode(float[] codes) => Run(decoder, codes);

    /// <summary>Draws codes from the prior and decodes them.</summary>
    /// <param name="count">How many rows, 0 or more.</param>
    /// <param name="seed">The same seed gives the same rows, from C#, from the tool and on a host without libtorch.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public float[] Generate(int count, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return [.. Spec.Prior.Sample(count, Spec.Latent, new Random(seed)).Chunk(AtOnce * Spec.Latent).SelectMany(Decode)];
    }

    /// <summary>The likelihood of rows by importance sampling: log p(x) ≈ log 1/K Σ p(x | z) p(z) / q(z | x) with z drawn from q (Burda et al.
    /// 2015, arXiv:1509.00519, eq. 8). It rises with K towards the likelihood; with K = 1 it is the bound that is trained.</summary>
    /// <param name="rows">Rows of the test part.</param>
    /// <param name="samples">K, from 1 to 100,000; 100 by default.</param>
    /// <param name="seed">The seed of what is drawn.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="ArgumentException">There is no row, or rows of another width.</exception>
    public VaeLikelihood Likelihood(Examples rows, int samples = 100, int seed = 0, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(samples, 100_000);
        if (rows.Count == 0 || rows.Shape.ElementsPerExample() != Width)
        {
            throw new ArgumentException($"The model takes rows of {Width} values, but there are {rows.Count} of {rows.Shape.ElementsPerExample()}.");
        }

        return new VaeLikelihoodRun(this, samples, seed).Of(rows, stop);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        encoder.Dispose();
        decoder.Dispose();
        logits.Dispose();
    }

    /// <summary>Values of a row.</summary>
    internal int Width => checked((int)Input.ElementsPerExample());

    /// <summary>Outputs of the decoder before the likelihood's last layers.</summary>
    internal float[] Outputs(float[] codes) => Run(logits, codes);

    /// <summary>The values that are seen of rows, on the scale of the likelihood, and the rows that show just these.</summary>
    internal (float[] Observed, float[] Rows) Observed(Examples rows, int first, int count, int seed)
    {
        var values = new float[count * Width];
        rows.CopyTo(first, count, values);
        if (!Spec.Likelihood.IsOfShares)
        {
            return (Scaled(values), values);
        }

        var observed = Scaled(values);
        Spec.Likelihood.Observe(observed, Width, seed);
        float peak = scale.StandardDeviation[0];
        return (observed, Array.ConvertAll(observed, v => v * peak));
    }

    private float[] Scaled(float[] values)
    {
        int channel = Width / scale.Mean.Count;
        return [.. values.Select((v, i) => (v - scale.Mean[i % Width / channel]) / scale.StandardDeviation[i % Width / channel])];
    }

    private float[] Run(OnnxModel model, float[] codes)
    {
        ArgumentNullException.ThrowIfNull(codes);
        int count = Count(codes, Spec.Latent, "values of codes");
        return model.Run(new Dictionary<string, OnnxTensor> { [Vae.LatentInput] = new([count, Spec.Latent], codes) })[Network.DefaultOutput].Floats;
    }

    private static int Count(float[] values, int width, string what)
    {
        if (values.Length % width != 0)
        {
            throw new ArgumentException($"{values.Length} {what} are no multiple of {width}.");
        }

        return values.Length / width;
    }
}
