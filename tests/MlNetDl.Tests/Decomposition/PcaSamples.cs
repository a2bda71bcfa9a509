using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Data;
using MlNetDl.Decomposition;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.Models;
using MlNetDl.Onnx;
using MlNetDl.Recipes;
using MlNetDl.Training;

namespace MlNetDl.Tests.Decomposition;

/// <summary>Rows whose principal components are known from a direct decomposition.</summary>
internal static class PcaSamples
{
    public static TrainingOptions Training { get; } = new() { BatchSize = 37, Seed = 3, Threads = 1 };

    /// <summary>The first digits of optdigits as vectors of 64; some pixels are the same in all of them.</summary>
    public static float[][] Digits(int count = 500)
    {
        var images = Datasets.Find("optdigits")!.Load(false).Take(count);
        var values = new float[count * 64];
        images.CopyTo(0, count, values);
        return [.. values.Chunk(64)];
    }

    /// <summary>Rows whose features depend on each other, and whose means lie far from 0.</summary>
    public static float[][] Mixed(int rows, int features, int seed = 1)
    {
        var random = new Random(seed);
        var mix = Enumerable.Range(0, features).Select(_ => Enumerable.Range(0, features).Select(_ => random.NextDouble() - 0.5).ToArray()).ToArray();
        return [.. Enumerable.Range(0, rows).Select(_ =>
        {
            var drawn = Enumerable.Range(0, features).Select(j => (random.NextDouble() - 0.5) * (j + 1)).ToArray();
            return mix.Select((m, i) => (float)(m.Zip(drawn, (a, b) => a * b).Sum() + (100 * i))).ToArray();
        })];
    }

    public static Examples Examples(float[][] rows) => new(Shape.Vector(rows[0].Length), rows.SelectMany(r => r).ToArray());

    public static ModelPackage Fit(Pca pca, float[][] rows, TrainingOptions? training = null) =>
        new Recipe { Model = pca, Training = training ?? Training }.Run(Examples(rows)).Package;

    /// <summary>What ONNX Runtime computes of rows by a graph of the model.</summary>
    public static float[][] Run(ModelPackage package, string graph, float[][] rows)
    {
        using var model = NeuralNetworkTransformer.Of(new MLContext(1), package, graph);
        int width = rows[0].Length;
        var ml = new MLContext(1);
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Values)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, width);
        schema[nameof(Row.Values)].ColumnName = graph == Pca.Decode ? Pca.ComponentColumn : "Features";
        var made = model.Transform(ml.Data.LoadFromEnumerable(rows.Select(r => new Row { Values = r }).ToList(), schema));
        return [.. made.GetColumn<float[]>(graph == Pca.Encode ? Pca.ComponentColumn : Pca.ReconstructionColumn)];
    }

    /// <summary>The components of a model, [K][F].</summary>
    public static float[][] Axes(ModelPackage package)
    {
        var weight = package.ReadWeights()["encoder/components.weight"];
        return [.. weight.Data.Chunk((int)weight.Dims[1])];
    }

    /// <summary>The right singular vectors and the singular values of the centred rows, by a decomposition of the rows themselves.</summary>
    public static (double[][] Vectors, double[] Values) Svd(float[][] rows)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        var matrix = TorchSharp.torch.tensor(rows.SelectMany(r => r.Select(v => (double)v)).ToArray()).reshape(rows.Length, rows[0].Length);
        var (_, values, vectors) = TorchSharp.torch.linalg.svd(matrix - matrix.mean([0], keepdim: true), fullMatrices: false);
        return ([.. vectors.contiguous().data<double>().ToArray().Chunk(rows[0].Length)], values.data<double>().ToArray());
    }

    public sealed class Row
    {
        public float[] Values { get; set; } = [];
    }
}
