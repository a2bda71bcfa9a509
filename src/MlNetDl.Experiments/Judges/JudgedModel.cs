using MlNetDl.Data;
using MlNetDl.Generative;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.Onnx;

namespace MlNetDl.Experiments;

/// <summary>A trained model with its data, for a <see cref="Judge"/>; on ONNX Runtime alone.</summary>
/// <param name="network">The model.</param>
/// <param name="train">The training part as the network sees it; class indices, where there are labels, as targets.</param>
/// <param name="test">The test part.</param>
/// <param name="seed">The seed of what judges draw.</param>
/// <param name="stop">Ends it.</param>
public sealed class JudgedModel(NeuralNetworkTransformer network, Examples train, Examples test, int seed, CancellationToken stop) : IDisposable
{
    private const int AtOnce = 512;

    private readonly Lazy<VaeModel> latent = new(() => VaeModel.Of(network.Package));

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

    /// <summary>The model as an autoencoder, variational or not.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public VaeModel Latent => latent.Value;

    /// <summary>The codes of rows: what the model's first graph makes of them.</summary>
    /// <param name="rows">Rows as the network sees them.</param>
    public IReadOnlyList<float[]> Codes(Examples rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var package = network.Package;
        bool isLatent = VaeModel.SpecOf(package.Manifest) is not null;
        var main = package.Manifest.Main;
        using var model = isLatent ? null : new OnnxModel(package.Graphs[main.Name]);
        long[] sizes = [.. main.Inputs[0].Shape.Dims.Skip(1).Select(d => d.Size ?? 1)];
        var codes = new List<float[]>(rows.Count);
        for (int first = 0; first < rows.Count; first += AtOnce)
        {
            stop.ThrowIfCancellationRequested();
            int count = Math.Min(AtOnce, rows.Count - first);
            var values = isLatent ? Latent.AsTrained(rows, first, count) : new float[count * (int)rows.Shape.ElementsPerExample()];
            if (!isLatent)
            {
                rows.CopyTo(first, count, values);
            }

            float[] made = isLatent
                ? Latent.Encode(values, Latent.ClassesOf(rows, first, count)).Means
                : model!.Run(new Dictionary<string, OnnxTensor> { [main.Inputs[0].Name] = new([count, .. sizes], values) })[main.Outputs[0].Name].Floats;
            codes.AddRange(made.Chunk(made.Length / count));
        }

        return codes;
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
    }
}
