using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Configuration;
using MlNetDl.Experiments;
using MlNetDl.Extensions.Tests.Parts;
using MlNetDl.MlNet;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Training;

namespace MlNetDl.Extensions.Tests;

/// <content>Its rows and columns.</content>
public sealed partial class VaeTests
{
    private static float[] Made(IDataView scored) => [.. scored.GetColumn<float[]>(Vae.PixelColumn).SelectMany(p => p)];

    private static float[] Pixels(Data.Examples digits)
    {
        var values = new float[digits.Count * 64];
        digits.CopyTo(0, digits.Count, values);
        return Array.ConvertAll(values, v => v / 16);
    }

    // Rows as the graph's feature column takes them: vectors, or images where the model was trained on some.
    private static IDataView Images(MLContext ml, NeuralNetworkTransformer network, Data.Examples digits)
    {
        if (network.Graph.Inputs[0].Image is null)
        {
            return TestData.Rows(ml, digits);
        }

        var schema = SchemaDefinition.Create(typeof(ImageRow));
        schema["Image"].ColumnType = new Microsoft.ML.Transforms.Image.ImageDataViewType(8, 8);
        var bytes = (byte[])digits.Features;
        return ml.Data.LoadFromEnumerable(
            bytes.Chunk(64)
                .Select(b => new ImageRow
                {
                    Image = MLImage.CreateFromPixels(
                        8, 8, MLPixelFormat.Rgba32, [.. b.SelectMany(v => (byte[])[v, v, v, 255])]),
                })
                .ToList(),
            schema);
    }

    private static IDataView Codes(MLContext ml, IEnumerable<float[]> codes)
    {
        var schema = SchemaDefinition.Create(typeof(CodeRow));
        schema["Latent"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Model.Latent);
        return ml.Data.LoadFromEnumerable(codes.Select(c => new CodeRow { Latent = c }).ToList(), schema);
    }

    private static float Normal(Random random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));

    private sealed class CodeRow
    {
        public float[] Latent { get; set; } = [];
    }

    private sealed class ImageRow
    {
        [Microsoft.ML.Transforms.Image.ImageType(8, 8)]
        public MLImage Image { get; set; } = null!;
    }

    private sealed class Clustered
    {
        public uint PredictedLabel { get; set; }

        public float[] Latent { get; set; } = [];
    }
}
