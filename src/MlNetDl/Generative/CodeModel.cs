using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Onnx;

namespace MlNetDl.Generative;

/// <summary>A saved model at work that makes codes of rows and rows of codes, on ONNX Runtime alone: an <see cref="Autoencoder"/>, a <see cref="Vae"/> (then
/// it is a <see cref="VaeModel"/>), or another one with graphs <c>encode</c> and <c>decode</c>, such as a PCA.</summary>
/// <remarks>Any number of threads may use it at once.</remarks>
public partial class CodeModel : IDisposable
{
    /// <summary>Rows that go through a graph at once.</summary>
    private protected const int AtOnce = 512;

    // Rows of many values go in smaller parts.
    private const int MostValues = 1 << 24;

    private readonly OnnxModel encoder, decoder;
    private readonly GraphSignature encode, decode;
    private readonly string? logVariance;

    private protected CodeModel(ModelPackage package)
    {
        Manifest = package.Manifest;
        Model = SpecOf(Manifest);
        (encode, decode) = (Manifest.Graph(LatentModel.Encode), Manifest.Graph(LatentModel.Decode));
        (encoder, decoder) = (new(package.Graphs[LatentModel.Encode]), new(package.Graphs[LatentModel.Decode]));
        logVariance = encode.Outputs.FirstOrDefault(o => o.Column == Vae.LogVarianceColumn)?.Name;
    }

    /// <summary>The table of the model's file.</summary>
    public ModelManifest Manifest { get; }

    /// <summary>The settings of an autoencoder, variational or not; <see langword="null"/> for another model.</summary>
    public LatentModel? Model { get; }

    /// <summary>The classes that it is told, by index; empty where it is told none.</summary>
    public ValueList<string> ClassNames => Model?.ConditionLabel is null ? [] : Manifest.ClassNames;

    /// <summary>The shape of rows, [N, …].</summary>
    public Shape Input => encode.Inputs[0].Shape;

    /// <summary>Values of a row.</summary>
    public int Width => checked((int)Input.ElementsPerExample());

    /// <summary>Values of a code.</summary>
    public int Latent => checked((int)decode.Inputs[0].Shape.ElementsPerExample());

    /// <summary>The value of white, where rows are images.</summary>
    public double Peak => Model?.PeakOf(Input) ?? (Input.Rank == 4 ? byte.MaxValue : 1);

    /// <summary>The model of a package.</summary>
    /// <exception cref="ArgumentException">It has no graphs from rows to codes and back.</exception>
    public static CodeModel Of(ModelPackage package) => Find(package) ?? throw new ArgumentException(
        "The model is no autoencoder: it has no graphs that make a code of a row, and a row of a code alone. Train one: network: { type: vae }.");

    /// <summary>The model of a package; <see langword="null"/> where it has no graphs from rows to codes and back.</summary>
    public static CodeModel? Find(ModelPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        var graphs = package.Manifest.Graphs;
        bool Takes(string name) => graphs.Any(g => g.Name == name && g.Inputs[0].Shape.Type == ElementType.Float32
            && g.Inputs.Skip(1).All(i => i.Role == GraphRole.Condition));
        return !Takes(LatentModel.Encode) || !Takes(LatentModel.Decode) ? null
            : SpecOf(package.Manifest) is Vae vae ? new VaeModel(package, vae)
            : new CodeModel(package);
    }

    /// <summary>The settings of a saved autoencoder, variational or not; <see langword="null"/> where the model is another one.</summary>
    public static LatentModel? SpecOf(ModelManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return manifest.ReadModel() as LatentModel;
    }

    /// <summary>Means and log variances of the codes of rows, row-major; the latter empty where variances are 1, or there are none.</summary>
    /// <param name="rows">Rows in the units of the features, row-major; a model that was trained on black and white pixels is given
    /// <see cref="AsTrained(float[])"/> of them.</param>
    /// <param name="classes">The index of each row's class in <see cref="ClassNames"/>; <see langword="null"/> where the model is told none.</param>
    /// <exception cref="ArgumentException">The values are no whole rows, or classes are missing or unknown.</exception>
    public (float[] Means, float[] LogVariances) Encode(float[] rows, IReadOnlyList<int>? classes = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var made = InParts(encoder, encode, rows, Width, "values of rows", classes);
        return (Joined(made, encode.Outputs[0].Name), logVariance is null ? [] : Joined(made, logVariance));
    }

    /// <summary>The expected rows of codes, in the units of the features, row-major.</summary>
    /// <param name="codes">Codes, row-major.</param>
    /// <param name="classes">The index of each row's class in <see cref="ClassNames"/>; <see langword="null"/> where the model is told none.</param>
    /// <exception cref="ArgumentException">The values are no whole codes, or classes are missing or unknown.</exception>
    public float[] Decode(float[] codes, IReadOnlyList<int>? classes = null)
    {
        ArgumentNullException.ThrowIfNull(codes);
        return Joined(InParts(decoder, decode, codes, Latent, "values of codes", classes), decode.Outputs[0].Name);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees its graphs.</summary>
    /// <param name="disposing">Whether it is called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            encoder.Dispose();
            decoder.Dispose();
        }
    }

    /// <summary>The signature of the graph from codes to rows.</summary>
    private protected GraphSignature Decoding => decode;

    /// <summary>What a graph makes of rows or codes, part by part.</summary>
    private protected List<IReadOnlyDictionary<string, OnnxTensor>> InParts(
        OnnxModel model, GraphSignature graph, float[] values, int width, string what, IReadOnlyList<int>? classes)
    {
        if (values.Length % width != 0)
        {
            throw new ArgumentException($"{values.Length} {what} are no multiple of {width}.");
        }

        int count = values.Length / width, part = Math.Clamp(MostValues / Width, 1, AtOnce);
        var input = graph.Inputs[0];
        var condition = graph.Inputs.FirstOrDefault(i => i.Role == GraphRole.Condition);
        var told = condition is null ? [] : OneHot(count, classes);
        var made = new List<IReadOnlyDictionary<string, OnnxTensor>>();
        // No rows make no rows, by the graph's own word.
        for (int first = 0; first == 0 || first < count; first += part)
        {
            int some = Math.Min(part, count - first);
            var inputs = new Dictionary<string, OnnxTensor>
            {
                [input.Name] = new([.. input.Shape.DimsOf(some)], some == count ? values : values.AsSpan(first * width, some * width).ToArray()),
            };
            if (condition is not null)
            {
                inputs[condition.Name] = new([some, ClassNames.Count], told.AsSpan(first * ClassNames.Count, some * ClassNames.Count).ToArray());
            }

            made.Add(model.Run(inputs));
        }

        return made;
    }

    /// <summary>An output of all parts, one behind the other.</summary>
    private protected static float[] Joined(List<IReadOnlyDictionary<string, OnnxTensor>> parts, string output)
    {
        if (parts.Count == 1)
        {
            return parts[0][output].Floats;
        }

        var all = new float[parts.Sum(p => p[output].Floats.Length)];
        int at = 0;
        foreach (var part in parts)
        {
            part[output].Floats.CopyTo(all, at);
            at += part[output].Floats.Length;
        }

        return all;
    }

    /// <summary>Classes as the graphs are told them.</summary>
    private protected float[] OneHot(int rows, IReadOnlyList<int>? classes)
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

        return values;
    }
}
