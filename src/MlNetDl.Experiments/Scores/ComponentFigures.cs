using MlNetDl.Analysis;
using MlNetDl.Data;
using MlNetDl.Decomposition;
using MlNetDl.Models;
using MlNetDl.Onnx;

namespace MlNetDl.Experiments;

/// <summary>How the components of a saved PCA keep rows: the figures that its training tells, on other rows.</summary>
internal static class ComponentFigures
{
    private const int Chunk = 1024;

    /// <summary>Whether a model is a PCA.</summary>
    public static bool Suits(ModelManifest manifest) => manifest.Task is null && manifest.Main.Name == Pca.Encode
        && manifest.Main.Outputs.Any(o => o.Column == Pca.ComponentColumn);

    /// <summary>The mean squared error of the reconstruction, and the share of the squared distances to the training's mean that it keeps.
    /// Of features that were standardised, both are in units of their deviation.</summary>
    public static IReadOnlyDictionary<string, double> Of(ModelPackage package, Examples rows)
    {
        var weights = package.ReadWeights();
        float[] mean = weights["encoder/center.mean"].Data, scale = weights["encoder/center.scale"].Data;
        if (rows.Width() != mean.Length)
        {
            throw new InvalidDataException($"The model takes rows {package.Manifest.Input}, but the data has {rows.Shape}.");
        }

        using var model = new OnnxModel(package.Graphs[Pca.Reconstruct], new() { Threads = 1 });
        var input = package.Manifest.Graph(Pca.Reconstruct).Inputs[0];
        double error = 0, all = 0;
        for (int start = 0; start < rows.Count; start += Chunk)
        {
            int count = Math.Min(Chunk, rows.Count - start);
            var values = new float[count * mean.Length];
            rows.CopyTo(start, count, values);
            long[] dims = [count, .. input.Shape.Dims.Skip(1).Select(d => (long)d.Size!)];
            var made = model.Run(new Dictionary<string, OnnxTensor> { [input.Name] = new([.. dims], values) })[Network.DefaultOutput].Floats;
            for (int i = 0; i < values.Length; i++)
            {
                int feature = i % mean.Length;
                error += Math.Pow(((double)values[i] - made[i]) * scale[feature], 2);
                all += Math.Pow(((double)values[i] - mean[feature]) * scale[feature], 2);
            }
        }

        return new Dictionary<string, double> { ["loss"] = error / rows.Count / mean.Length, ["explainedVariance"] = 1 - (error / all) };
    }

    private static long Width(this Examples rows) => rows.Shape.ElementsPerExample();
}
