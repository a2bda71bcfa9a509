using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Onnx;

namespace MlNetDl.Generative;

/// <summary>A trained <see cref="LatentModel"/> at work, on ONNX Runtime alone: codes of rows, rows of codes, and of a <see cref="Vae"/> new rows and
/// likelihoods.</summary>
/// <remarks>Any number of threads may use it at once.</remarks>
public sealed partial class VaeModel : IDisposable
{
    private const int AtOnce = 512;

    private readonly OnnxModel encoder, decoder, logits;
    private readonly OnnxModel? prior;
    private readonly GraphSignature encode;
    private readonly Normalize scale;

    private VaeModel(ModelPackage package, LatentModel model)
    {
        (Model, ClassNames) = (model, model.ConditionLabel is null ? [] : package.Manifest.ClassNames);
        encode = package.Manifest.Graph(LatentModel.Encode);
        encoder = new(package.Graphs[LatentModel.Encode]);
        decoder = new(package.Graphs[LatentModel.Decode]);
        prior = package.Graphs.TryGetValue(Vae.PriorGraph, out var learned) ? new(learned) : null;
        var (name, json) = package.Manifest.Networks.Single();
        var parts = LatentModel.Parts(RecordJson.Deserialize<Network>(json.GetRawText()));
        scale = parts.Scale;
        // What is decoded before the likelihood's last layers: probabilities of float32 would be 0 or 1 where a pixel is sure.
        var plan = new Network(
            new Sequential(parts.Decoder),
            [.. package.Manifest.Graph(LatentModel.Decode).Inputs.Select(i => new NetworkInput(i.Name, i.Shape))]).Plan().ForScoring();
        logits = new(OnnxWriter.Write(plan, package.ReadWeights(name).WithFixed(plan)));
    }

    /// <summary>The model's settings.</summary>
    public LatentModel Model { get; }

    /// <summary>The settings of a variational autoencoder.</summary>
    /// <exception cref="ArgumentException">It is none: nothing says where its codes lie.</exception>
    public Vae Spec => Model as Vae
        ?? throw new ArgumentException("The model is an autoencoder: nothing says where its codes lie, so none can be drawn, and rows have no likelihood. "
            + "Train a variational one (network: { type: vae }).");

    /// <summary>The classes that it is told, by index; empty where it is told none.</summary>
    public ValueList<string> ClassNames { get; }

    /// <summary>The shape of rows, [N, …].</summary>
    public Shape Input => encode.Inputs[0].Shape;

    /// <summary>The value of white, where rows are images.</summary>
    public double Peak => Model.PeakOf(Input);

    /// <summary>The model of a package.</summary>
    /// <exception cref="ArgumentException">It is no autoencoder, variational or not.</exception>
    public static VaeModel Of(ModelPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        if (package.Manifest.Quantization is { } quantized)
        {
            throw new ArgumentException($"The model is quantised ({quantized.Words}), and its decoder's float weights are gone; take the model from before.");
        }

        return SpecOf(package.Manifest) is { } spec
            ? new(package, spec)
            : throw new ArgumentException("The model is no variational autoencoder, nor another one, so it has no codes; train one: network: { type: vae }.");
    }

    /// <summary>The settings of a saved autoencoder, variational or not; <see langword="null"/> where the model is another one.</summary>
    public static LatentModel? SpecOf(ModelManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return manifest.ReadModel() as LatentModel;
    }

    /// <summary>Means and log variances of the codes of rows, row-major; the latter empty where variances are 1, or there are none.</summary>
    /// <param name="rows">Rows in the units of the features, row-major.</param>
    /// <param name="classes">The index of each row's class in <see cref="ClassNames"/>; <see langword="null"/> where the model is told none.</param>
    /// <exception cref="ArgumentException">The values are no whole rows, or classes are missing or unknown.</exception>
    public (float[] Means, float[] LogVariances) Encode(float[] rows, IReadOnlyList<int>? classes = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        int count = Count(rows, Width, "values of rows");
        var inputs = new Dictionary<string, OnnxTensor> { [encode.Inputs[0].Name] = new([.. Input.DimsOf(count)], rows) };
        if (Model.Conditioned.Encoder)
        {
            inputs[LatentModel.ConditionInput] = OneHot(count, classes);
        }

        var made = encoder.Run(inputs);
        return (made[Network.DefaultOutput].Floats, made.TryGetValue(Vae.LogVariance, out var variances) ? variances.Floats : []);
    }

    /// <summary>The expected rows of codes, in the units of the features, row-major.</summary>
    /// <param name="codes">Codes, row-major.</param>
    /// <param name="classes">The index of each row's class in <see cref="ClassNames"/>; <see langword="null"/> where the model is told none.</param>
    /// <exception cref="ArgumentException">The values are no whole codes, or classes are missing or unknown.</exception>
    public float[] Decode(float[] codes, IReadOnlyList<int>? classes = null) => Run(decoder, codes, classes);

    /// <summary>Draws codes from the prior and decodes them.</summary>
    /// <param name="count">How many rows, 0 or more.</param>
    /// <param name="seed">The same seed gives the same rows, from C#, from the tool and on a host without libtorch.</param>
    /// <param name="condition">The class of the rows, by its name; without one a model that is told classes makes rows of all of them in turn.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    /// <exception cref="ArgumentException">The class is unknown, or the model is told none, or is no variational autoencoder.</exception>
    public float[] Generate(int count, int seed = 0, string? condition = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var classes = ClassesOf(count, condition);
        var codes = Spec.Prior.Sample(count, Model.Latent, new Random(seed));
        Place(codes, classes);
        var rows = new float[checked(count * Width)];
        for (int first = 0; first < count; first += AtOnce)
        {
            int some = Math.Min(AtOnce, count - first);
            Decode(codes.AsSpan(first * Model.Latent, some * Model.Latent).ToArray(), classes?.Skip(first).Take(some).ToArray())
                .CopyTo(rows.AsSpan(first * Width));
        }

        return rows;
    }

    /// <summary>The classes of rows to make: one for all, or all in turn; <see langword="null"/> where the model is told none.</summary>
    /// <param name="count">How many rows.</param>
    /// <param name="condition">The class, by its name; <see langword="null"/> for all in turn.</param>
    /// <exception cref="ArgumentException">The class is unknown, or the model is told none.</exception>
    public int[]? ClassesOf(int count, string? condition)
    {
        if (ClassNames.Count == 0)
        {
            return condition is null ? null : throw new ArgumentException(
                $"A class ('{condition}') is asked for, but the model is told none; train one with classes: network: {{ type: cvae }}.");
        }

        int index = condition is null ? -1 : ClassNames.ToList().IndexOf(condition);
        return condition is not null && index < 0
            ? throw new ArgumentException($"There is no class '{condition}'; the model knows: {string.Join(", ", ClassNames)}.")
            : [.. Enumerable.Range(0, count).Select(i => index < 0 ? i % ClassNames.Count : index)];
    }

    /// <summary>The likelihood of rows by importance sampling: log p(x) ≈ log 1/K Σ p(x | z) p(z) / q(z | x) with z drawn from q (Burda et al.
    /// 2015, arXiv:1509.00519, eq. 8). It rises with K towards the likelihood; with K = 1 it is the bound that is trained.</summary>
    /// <param name="rows">Rows of the test part; where the model is told classes, with class indices as targets.</param>
    /// <param name="samples">K, from 1 to 100,000; 100 by default.</param>
    /// <param name="seed">The seed of what is drawn.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="ArgumentException">There is no row, or rows of another width, or classes are missing.</exception>
    public VaeLikelihood Likelihood(Examples rows, int samples = 100, int seed = 0, CancellationToken stop = default) =>
        new VaeLikelihoodRun(this, samples, seed).Of(Suited(rows), stop);

    /// <summary>−log p(x) of each row by importance sampling, or its bound with one sample, in nats.</summary>
    /// <inheritdoc cref="Likelihood"/>
    public double[] NegativeLogLikelihoods(Examples rows, int samples = 100, int seed = 0, CancellationToken stop = default) =>
        new VaeLikelihoodRun(this, samples, seed).OfRows(Suited(rows), stop);

    /// <inheritdoc/>
    public void Dispose()
    {
        encoder.Dispose();
        decoder.Dispose();
        logits.Dispose();
        prior?.Dispose();
    }

    /// <summary>Values of a row.</summary>
    internal int Width => checked((int)Input.ElementsPerExample());

    /// <summary>Outputs of the decoder before the likelihood's last layers.</summary>
    internal float[] Outputs(float[] codes, IReadOnlyList<int>? classes) => Run(logits, codes, classes);

    /// <summary>Means and log variances of a learned prior by class, one after the other; empty where the prior is one for all.</summary>
    internal float[] PriorOf(int index) => prior is null ? []
        : prior.Run(new Dictionary<string, OnnxTensor> { [LatentModel.ConditionInput] = OneHot(1, [index]) })[Network.DefaultOutput].Floats;

    /// <summary>The classes of rows of a set, as the model is told them; <see langword="null"/> where it is told none.</summary>
    /// <param name="rows">The set, with class indices as targets.</param>
    /// <param name="first">The first row.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="ArgumentException">The set has no classes, or one that the model does not know.</exception>
    public int[]? ClassesOf(Examples rows, int first, int count)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (ClassNames.Count == 0)
        {
            return null;
        }

        if (rows.Targets is not long[] targets || rows.TargetWidth != 1)
        {
            throw new ArgumentException("The model is told the class of each row, but the rows have none; give examples with class indices.");
        }

        var known = ClassNames.ToList();
        int[] places = rows.ClassNames.Count == 0 ? [.. Enumerable.Range(0, known.Count)] : [.. rows.ClassNames.Select(n => known.IndexOf(n))];
        return [.. targets.AsSpan(first, count).ToArray().Select(t => t >= 0 && t < places.Length && places[t] >= 0 ? places[t]
            : throw new ArgumentException($"A row is of the class '{(t >= 0 && t < rows.ClassNames.Count ? rows.ClassNames[(int)t] : $"{t}")}', which the "
                + $"model does not know; it knows: {string.Join(", ", ClassNames)}."))];
    }

    private Examples Suited(Examples rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return rows.Count > 0 && rows.Shape.ElementsPerExample() == Width ? rows : throw new ArgumentException(
            $"The model takes rows of {Width} values, but there are {rows.Count} of {rows.Shape.ElementsPerExample()}.");
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
            Spec.Prior.Place(codes.AsSpan(i * Model.Latent, Model.Latent), known[classes[i]]);
        }
    }

    private float[] Run(OnnxModel model, float[] codes, IReadOnlyList<int>? classes)
    {
        ArgumentNullException.ThrowIfNull(codes);
        int count = Count(codes, Model.Latent, "values of codes");
        var inputs = new Dictionary<string, OnnxTensor> { [LatentModel.LatentInput] = new([count, Model.Latent], codes) };
        if (Model.Conditioned.Decoder)
        {
            inputs[LatentModel.ConditionInput] = OneHot(count, classes);
        }

        return model.Run(inputs)[Network.DefaultOutput].Floats;
    }

    private OnnxTensor OneHot(int rows, IReadOnlyList<int>? classes)
    {
        if (classes is null || classes.Count != rows)
        {
            throw new ArgumentException($"The model is told the class of each row, but there are {classes?.Count ?? 0} for {rows} rows; give one for each.");
        }

        var values = new float[checked(rows * ClassNames.Count)];
        foreach (var (row, index) in classes.Index())
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index, nameof(classes));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, ClassNames.Count, nameof(classes));
            values[(row * ClassNames.Count) + index] = 1;
        }

        return new([rows, ClassNames.Count], values);
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
