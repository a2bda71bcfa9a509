using MlNetDl.Data;
using MlNetDl.Generative;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Onnx;

namespace MlNetDl.Experiments;

/// <summary>A saved model that makes codes of rows: one with a graph <c>encode</c>, such as those of <c>vae</c> and <c>pca</c>. An autoencoder is given rows as
/// it was trained on them.</summary>
internal sealed class SavedEncoder : IDisposable
{
    private const int AtOnce = 512;

    private readonly GraphSignature graph;
    private readonly CodeModel? model;
    private readonly OnnxModel? encoder;

    private SavedEncoder(ModelPackage package, GraphSignature graph)
    {
        (this.graph, model) = (graph, CodeModel.Find(package));
        encoder = model is null ? new(package.Graphs[graph.Name]) : null;
    }

    /// <summary>The shape of rows, [N, …].</summary>
    public Shape Input => graph.Inputs[0].Shape;

    /// <summary>The encoder of a package.</summary>
    /// <param name="package">The model.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="canBeTold">Whether a model may be told the class of each row.</param>
    /// <exception cref="InvalidDataException">It makes no codes, or is told classes where it may not.</exception>
    public static SavedEncoder Of(ModelPackage package, string name, bool canBeTold = false)
    {
        var manifest = package.Manifest;
        if (manifest.Graphs.FirstOrDefault(g => g.Role == LatentModel.Encode) is not { } graph)
        {
            throw new InvalidDataException($"{name} does not encode (its first graph is '{manifest.Main.Name}'); give a model of network: vae, pca or another "
                + "with codes.");
        }

        return graph.Inputs.Count > 1 && !canBeTold
            ? throw new InvalidDataException($"{name} is told the class of each row, and codes of rows alone are not to be had of it; give a model that is "
                + "told none.")
            : new(package, graph);
    }

    /// <summary>The codes of rows, one after the other: means, where codes are drawn.</summary>
    /// <param name="rows">Rows; where the model is told classes, with class indices as targets.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="ArgumentException">Rows do not suit the model.</exception>
    public float[] Encode(Examples rows, CancellationToken stop = default)
    {
        if (rows.Shape.ElementsPerExample() != Input.ElementsPerExample() || rows.Shape.Type != Input.Type)
        {
            throw new ArgumentException($"The model takes rows {Input}, but there are rows {rows.Shape}.");
        }

        var codes = Array.Empty<float>();
        for (int first = 0; first < rows.Count; first += AtOnce)
        {
            stop.ThrowIfCancellationRequested();
            int count = Math.Min(AtOnce, rows.Count - first);
            var made = model is null ? Made(rows, first, count)
                : model.Encode(model.AsTrained(rows, first, count), model.ClassesOf(rows, first, count)).Means;
            if (first == 0)
            {
                codes = new float[checked(made.Length / count * rows.Count)];
            }

            made.CopyTo(codes, made.Length / count * first);
        }

        return codes;
    }

    private float[] Made(Examples rows, int first, int count)
    {
        var values = new float[checked(count * (int)Input.ElementsPerExample())];
        rows.CopyTo(first, count, values);
        ValueList<long> sizes = [count, .. Input.Dims.Skip(1).Select(d => (long)d.Size!.Value)];
        return encoder!.Run(new Dictionary<string, OnnxTensor> { [graph.Inputs[0].Name] = new(sizes, values) })[graph.Outputs[0].Name].Floats;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        model?.Dispose();
        encoder?.Dispose();
    }
}
