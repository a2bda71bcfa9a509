using System.Globalization;
using MlNetDl.Generative;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
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
        bool Takes(string name) => package.Manifest.Graphs.Any(g => g.Name == name && g.Inputs is [{ Shape.Type: ElementType.Float32 }]);
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
        : Model?.Likelihood is Bernoulli && row.Max() > Peak * (1 + 1e-6)
            ? throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"The model's white is {Peak}, but the data has the value {row.Max()}; give data on the scale of the training data."))
        : row);

    /// <summary>Means of the codes of rows, and logarithms of their variances; these are empty where the model has none. Row-major.</summary>
    /// <param name="rows">Rows in the units of the features.</param>
    public (float[] Means, float[] LogVariances) Encode(IEnumerable<float[]> rows)
    {
        var (means, variances) = (new List<float>(), new List<float>());
        foreach (var part in rows.Chunk(Math.Clamp(MostValues / Width, 1, AtOnce)))
        {
            var made = encoder.Run(new Dictionary<string, OnnxTensor>
            {
                [encode.Inputs[0].Name] = new([part.Length, .. Input.Dims.Skip(1).Select(d => (long)d.Size!.Value)], part.SelectMany(row => row).ToArray()),
            });
            means.AddRange(made[encode.Outputs[0].Name].Floats);
            variances.AddRange(logVariance is null ? [] : made[logVariance].Floats);
        }

        return ([.. means], [.. variances]);
    }

    /// <summary>Rows of codes, in the units of the features, row-major.</summary>
    /// <param name="codes">Codes, row-major.</param>
    public float[] Decode(float[] codes)
    {
        var rows = new List<float>(codes.Length / Latent * Width);
        foreach (var part in codes.Chunk(Math.Clamp(MostValues / Width, 1, AtOnce) * Latent))
        {
            var made = decoder.Run(new Dictionary<string, OnnxTensor> { [decode.Inputs[0].Name] = new([part.Length / Latent, Latent], part) });
            rows.AddRange(made[decode.Outputs[0].Name].Floats);
        }

        return [.. rows];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        encoder.Dispose();
        decoder.Dispose();
    }
}
