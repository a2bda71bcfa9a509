using MlNetDl.Data;
using MlNetDl.Generative;
using MlNetDl.MlNet;

namespace MlNetDl.Experiments;

/// <summary>A trained model with its data, for a <see cref="Judge"/>; on ONNX Runtime alone.</summary>
/// <param name="network">The model.</param>
/// <param name="train">The training part as the network sees it; class indices, where there are labels, as targets.</param>
/// <param name="test">The test part.</param>
/// <param name="seed">The seed of what judges draw.</param>
/// <param name="stop">Ends it.</param>
public sealed class JudgedModel(NeuralNetworkTransformer network, Examples train, Examples test, int seed, CancellationToken stop) : IDisposable
{
    private readonly Lazy<CodeModel> latent = new(() => CodeModel.Of(network.Package));
    private readonly Lazy<SavedEncoder> encoder = new(() => SavedEncoder.Of(network.Package, "The model", canBeTold: true));

    /// <summary>The model.</summary>
    public NeuralNetworkTransformer Network => network;

    /// <summary>The training part as the network sees it.</summary>
    public Examples Train => train;

    /// <summary>The test part.</summary>
    public Examples Test => test;

    /// <summary>The seed of what judges draw: that of the training.</summary>
    public int Seed => seed;

    /// <summary>Ends it.</summary>
    public CancellationToken Stop => stop;

    /// <summary>The model as one that makes codes of rows and rows of codes.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public CodeModel Latent => latent.Value;

    /// <summary>The model as a variational autoencoder.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public VaeModel Variational => Latent as VaeModel
        ?? throw new ArgumentException("The model is no variational autoencoder, so rows have no likelihood; train one: network: { type: vae }.");

    /// <summary>The codes of rows: what the model's encoder makes of them.</summary>
    /// <param name="rows">Rows as the network sees them.</param>
    /// <exception cref="InvalidDataException">The model makes no codes.</exception>
    /// <exception cref="ArgumentException">The rows do not suit the model: they have another width, values out of range, or a class that it does not
    /// know.</exception>
    public IReadOnlyList<float[]> Codes(Examples rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var codes = encoder.Value.Encode(rows, stop);
        return [.. codes.Chunk(Math.Max(1, codes.Length / Math.Max(1, rows.Count)))];
    }

    /// <summary>The first rows of a part; or where these do not hold all classes, because rows are in the order of their classes, a sample that does.</summary>
    /// <param name="rows">The part.</param>
    /// <param name="most">How many.</param>
    public static Examples Some(Examples rows, int most)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count <= most)
        {
            return rows;
        }

        return rows.Targets is long[] classes && rows.TargetWidth == 1 && classes.Take(most).Distinct().Count() < classes.Distinct().Count()
            ? rows.Sample(most, seed: 0)
            : rows.Take(most);
    }

    /// <summary>The classes of rows.</summary>
    /// <exception cref="InvalidDataException">They have none.</exception>
    public static IReadOnlyList<int> ClassesOf(Examples rows, string who)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return rows.Targets is long[] classes && rows.TargetWidth == 1
            ? Array.ConvertAll(classes, c => (int)c)
            : throw new InvalidDataException($"judges.{who} compares with classes, but the data has none; leave it out, or name data with labels.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (latent.IsValueCreated)
        {
            latent.Value.Dispose();
        }

        if (encoder.IsValueCreated)
        {
            encoder.Value.Dispose();
        }
    }
}
