using MlNetDl.Analysis;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Onnx;

namespace MlNetDl.Generative;

/// <summary>A trained <see cref="Vae"/> at work: codes of rows, rows of codes, new rows, and how likely rows are.</summary>
/// <remarks>Any number of threads may use it at once.</remarks>
public sealed class VaeModel : CodeModel
{
    private readonly Lazy<OnnxModel> logits;
    private readonly OnnxModel? prior;

    internal VaeModel(ModelPackage package, Vae spec)
        : base(package)
    {
        Spec = spec;
        prior = package.Graphs.TryGetValue(Vae.PriorGraph, out var learned) ? new(learned) : null;
        logits = new(() => Logits(package));
    }

    /// <summary>The settings of the model.</summary>
    public Vae Spec { get; }

    /// <summary>The model of a package.</summary>
    /// <exception cref="ArgumentException">It is no variational autoencoder.</exception>
    public static new VaeModel Of(ModelPackage package) => CodeModel.Of(package) switch
    {
        VaeModel vae => vae,
        var other => throw Refusal(other),
    };

    /// <summary>Draws codes from the prior and decodes them.</summary>
    /// <param name="count">How many rows, 0 or more.</param>
    /// <param name="seed">The same seed gives the same rows, from C#, from the tool and on a host without libtorch.</param>
    /// <param name="condition">The class of the rows, by its name; without one a model that is told classes makes rows of all of them in turn.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    /// <exception cref="ArgumentException">The class is unknown, or the model is told none.</exception>
    public float[] Generate(int count, int seed = 0, string? condition = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var classes = ClassesOf(count, condition);
        var codes = Spec.Prior.Sample(count, Latent, new Random(seed));
        Place(codes, classes);
        return Decode(codes, classes);
    }

    /// <summary>The likelihood of rows by importance sampling: log p(x) ≈ log 1/K Σ p(x | z) p(z) / q(z | x) with z drawn from q (Burda et al.
    /// 2015, arXiv:1509.00519, eq. 8). It rises with K towards the likelihood; with K = 1 it is the bound that is trained.</summary>
    /// <param name="rows">Rows of the test part; where the model is told classes, with class indices as targets.</param>
    /// <param name="samples">K, from 1 to 100,000; 100 by default.</param>
    /// <param name="seed">The seed of what is drawn.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="ArgumentException">There is no row, or rows of another width, or classes are missing, or the model is quantised.</exception>
    public VaeLikelihood Likelihood(Examples rows, int samples = 100, int seed = 0, CancellationToken stop = default) =>
        new VaeLikelihoodRun(this, samples, seed).Of(Suited(rows), stop);

    /// <summary>−log p(x) of each row by importance sampling, or its bound with one sample, in nats.</summary>
    /// <inheritdoc cref="Likelihood"/>
    public double[] NegativeLogLikelihoods(Examples rows, int samples = 100, int seed = 0, CancellationToken stop = default) =>
        new VaeLikelihoodRun(this, samples, seed).OfRows(Suited(rows), stop);

    /// <summary>Outputs of the decoder before the likelihood's last layers.</summary>
    internal float[] Outputs(float[] codes, IReadOnlyList<int>? classes) =>
        Joined(InParts(logits.Value, Decoding, codes, Latent, "values of codes", classes), Network.DefaultOutput);

    /// <summary>Means and log variances of a learned prior by class, one after the other; empty where the prior is one for all.</summary>
    internal float[] PriorOf(int index) => prior is null ? []
        : prior.Run(new Dictionary<string, OnnxTensor> { [LatentModel.ConditionInput] = new([1, ClassNames.Count], OneHot(1, [index])) })
            [Network.DefaultOutput].Floats;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            prior?.Dispose();
            if (logits.IsValueCreated)
            {
                logits.Value.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    // What is decoded before the likelihood's last layers: probabilities of float32 would be 0 or 1 where a pixel is sure.
    private OnnxModel Logits(ModelPackage package)
    {
        if (Manifest.Quantization is { } quantized)
        {
            throw new ArgumentException($"The model is quantised ({quantized.Words}), and its decoder's float weights are gone, so rows have no exact "
                + "likelihood; take the model from before.");
        }

        ValueList<NetworkInput> inputs = [.. Decoding.Inputs.Select(i => new NetworkInput(i.Name, i.Shape))];
        var plan = new Network(new Sequential(LatentModel.Parts(Tree()).Decoder), inputs).Plan().ForScoring();
        return new(OnnxWriter.Write(plan, package.ReadWeights(Manifest.Networks.Single().Key).WithFixed(plan)));
    }

    // Codes that were drawn go to where the prior of their class lies.
    private void Place(float[] codes, int[]? classes)
    {
        if (prior is null)
        {
            return;
        }

        var known = Enumerable.Range(0, ClassNames.Count).Select(PriorOf).ToArray();
        for (int i = 0; i < classes!.Length; i++)
        {
            Spec.Prior.Place(codes.AsSpan(i * Latent, Latent), known[classes[i]]);
        }
    }

    private static ArgumentException Refusal(CodeModel model)
    {
        model.Dispose();
        return new("The model is no variational autoencoder: nothing says where its codes lie, so none can be drawn, and rows have no likelihood. "
            + "Train one: network: { type: vae }.");
    }
}
