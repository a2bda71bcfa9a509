using System.Globalization;
using MlNetDl.Generative;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Onnx;

namespace MlNetDl.Experiments;

/// <summary>A saved model that makes codes of rows and rows of codes, by its graphs on ONNX Runtime alone.</summary>
internal sealed class CodeModel : IDisposable
{
    private const int AtOnce = 512, MostValues = 1 << 24;

    private readonly GraphSignature encode, decode;
    private readonly OnnxModel encoder, decoder;
    private readonly string? logVariance;

    private CodeModel(ModelPackage package)
    {
        Manifest = package.Manifest;
        Model = VaeModel.SpecOf(Manifest);
        (encode, decode) = (Manifest.Graph(Vae.Encode), Manifest.Graph(Vae.Decode));
        (encoder, decoder) = (new(package.Graphs[Vae.Encode]), new(package.Graphs[Vae.Decode]));
        logVariance = encode.Outputs.FirstOrDefault(o => o.Column == Vae.LogVarianceColumn)?.Name;
    }

    /// <summary>The table of the model's file.</summary>
    public ModelManifest Manifest { get; }

    /// <summary>The model's settings, where it is an autoencoder.</summary>
    public LatentModel? Model { get; }

    /// <summary>The model's settings, where it is a variational autoencoder.</summary>
    public Vae? Variational => Model as Vae;

    /// <summary>The classes that it is told; empty where it is told none.</summary>
    public ValueList<string> ClassNames => Model?.ConditionLabel is null ? [] : Manifest.ClassNames;

    /// <summary>How much each value of codes says; by variances where the prior is another one for each class.</summary>
    public CodeActivity Activity(float[] means, float[] logVariances) =>
        CodeActivity.Of(means, Variational?.Prior is LearnedNormal ? [] : logVariances, Latent);

    /// <summary>The shape of rows, [N, …].</summary>
    public Shape Input => encode.Inputs[0].Shape;

    /// <summary>Values of a row, and of a code.</summary>
    public int Width => checked((int)Input.ElementsPerExample());

    /// <summary>Values of a code.</summary>
    public int Latent => checked((int)decode.Inputs[0].Shape.ElementsPerExample());

    /// <summary>Whether rows are images that can be drawn.</summary>
    public bool MakesImages => SampleSheet.CanDraw(Input);

    /// <summary>The value of white, where rows are images.</summary>
    public double Peak => Model?.Peak ?? (Input.Rank == 4 ? byte.MaxValue : 1);

    /// <summary>The model of a package; <see langword="null"/> where it has no graphs from rows to codes and back.</summary>
    public static CodeModel? Find(ModelPackage package)
    {
        bool Takes(string name) => package.Manifest.Graphs.Any(g => g.Name == name && g.Inputs[0].Shape.Type == ElementType.Float32
            && g.Inputs.Skip(1).All(i => i.Role == GraphRole.Condition));
        return Takes(Vae.Encode) && Takes(Vae.Decode) ? new(package) : null;
    }

    /// <summary>The model of a package.</summary>
    /// <exception cref="ArgumentException">It has no graphs from rows to codes and back.</exception>
    public static CodeModel Of(ModelPackage package) => Find(package)
        ?? throw new ArgumentException("The model is no autoencoder: it has no graphs that make a code of a row, and a row of a code alone. "
            + "Train one: network: { type: vae }.");

    /// <summary>The same rows, each looked at before it goes on.</summary>
    /// <exception cref="InvalidDataException">A row has another width, or values that the model cannot have seen.</exception>
    public IEnumerable<float[]> Checked(IEnumerable<float[]> rows) => rows.Select(row =>
        row.Length != Width
            ? throw new InvalidDataException($"The model takes rows of {Width} values, but the data has rows of {row.Length}.")
        : Model?.Likelihood is Bernoulli && Array.FindIndex(row, v => !(v >= 0 && v <= Peak * (1 + 1e-6))) is >= 0 and var at
            ? throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"The model takes values from 0 to {Peak}, but the data has the value {row[at]}; give data on the scale of the training data."))
        : row);

    /// <summary>Means of the codes of rows, and logarithms of their variances; these are empty where the model has none. Row-major.</summary>
    /// <param name="rows">Rows in the units of the features.</param>
    /// <param name="classes">The index of each row's class; <see langword="null"/> where the model is told none.</param>
    public (float[] Means, float[] LogVariances) Encode(IEnumerable<float[]> rows, IReadOnlyList<int>? classes = null)
    {
        var (means, variances) = (new List<float>(), new List<float>());
        int first = 0;
        foreach (var part in rows.Chunk(Math.Clamp(MostValues / Width, 1, AtOnce)))
        {
            var made = encoder.Run(Inputs(
                encode,
                new([part.Length, .. Input.Dims.Skip(1).Select(d => (long)d.Size!.Value)], part.SelectMany(row => row).ToArray()),
                classes,
                first,
                part.Length));
            first += part.Length;
            means.AddRange(made[encode.Outputs[0].Name].Floats);
            variances.AddRange(logVariance is null ? [] : made[logVariance].Floats);
        }

        return ([.. means], [.. variances]);
    }

    /// <summary>Rows of codes, in the units of the features, row-major.</summary>
    /// <param name="codes">Codes, row-major.</param>
    /// <param name="classes">The index of each row's class; <see langword="null"/> where the model is told none.</param>
    public float[] Decode(float[] codes, IReadOnlyList<int>? classes = null)
    {
        var rows = new List<float>(codes.Length / Latent * Width);
        int first = 0;
        foreach (var part in codes.Chunk(Math.Clamp(MostValues / Width, 1, AtOnce) * Latent))
        {
            int count = part.Length / Latent;
            var made = decoder.Run(Inputs(decode, new([count, Latent], part), classes, first, count));
            first += count;
            rows.AddRange(made[decode.Outputs[0].Name].Floats);
        }

        return [.. rows];
    }

    /// <summary>Classes by their names, as the model is told them; <see langword="null"/> where it is told none.</summary>
    /// <param name="names">The class of each row.</param>
    /// <exception cref="InvalidDataException">There are none, or one that the model does not know.</exception>
    public int[]? Told(IEnumerable<string>? names)
    {
        if (ClassNames.Count == 0)
        {
            return null;
        }

        var known = ClassNames.ToList();
        return [.. (names ?? throw new InvalidDataException("The model is told the class of each row, but none is known here; name one by --condition, "
            + $"of: {string.Join(", ", known)}."))
            .Select(name => known.IndexOf(name) is >= 0 and var index ? index : throw new InvalidDataException(
                $"The class '{name}' is not known to the model; it knows: {string.Join(", ", known)}."))];
    }

    private Dictionary<string, OnnxTensor> Inputs(GraphSignature graph, OnnxTensor values, IReadOnlyList<int>? classes, int first, int count)
    {
        var inputs = new Dictionary<string, OnnxTensor> { [graph.Inputs[0].Name] = values };
        if (graph.Inputs.FirstOrDefault(i => i.Role == GraphRole.Condition) is { } condition)
        {
            var told = new float[count * ClassNames.Count];
            for (int row = 0; row < count; row++)
            {
                told[(row * ClassNames.Count) + classes![first + row]] = 1;
            }

            inputs[condition.Name] = new([count, ClassNames.Count], told);
        }

        return inputs;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        encoder.Dispose();
        decoder.Dispose();
    }
}
