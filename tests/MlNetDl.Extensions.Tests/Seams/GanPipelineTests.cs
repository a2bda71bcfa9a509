using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.MlNet;
using static MlNetDl.Extensions.Tests.Seams.GanTests;

namespace MlNetDl.Extensions.Tests.Seams;

/// <summary>A GAN among ML.NET's transformers: noise in a column, samples in another.</summary>
public sealed class GanPipelineTests
{
    [Fact]
    public void A_saved_model_makes_samples_of_a_column_of_noise()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(1);
        ml.Model.Save(NeuralNetworkTransformer.Of(ml, Model), null, folder["gan.zip"]);
        var loaded = ml.Model.Load(folder["gan.zip"], out _);
        var noise = Noise(6, seed: 1);
        var rows = ml.Data.LoadFromEnumerable(noise.Chunk(3).Select(n => new NoiseRow { Noise = n }));
        Assert.Equal(Samples(noise), loaded.Transform(rows).GetColumn<float[]>("Sample").SelectMany(s => s));
        var without = ml.Data.LoadFromEnumerable(new[] { new PointRow { Features = [1, 2] } });
        Assert.Equal(Samples(new float[3]), loaded.Transform(without).GetColumn<float[]>("Sample").Single());
    }

    [Fact]
    public void It_trains_in_a_pipeline_whose_data_has_no_noise()
    {
        var ml = new MLContext(1);
        var view = ml.Data.LoadFromEnumerable(((float[])Ring.Features).Chunk(2).Select(f => new PointRow { Features = f }));
        var options = new NeuralNetworkOptions
        {
            Network = new SeamGan(),
            Standardize = false,
            Training = Options,
        };
        var scored = ml.NeuralNetwork(null, options).Append(ml.Transforms.CopyColumns("Copy", "Features")).Fit(view).Transform(view);
        Assert.Equal(80, scored.GetColumn<float[]>("Sample").Count());
    }

    private sealed class PointRow
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }

    private sealed class NoiseRow
    {
        [VectorType(3)]
        public float[] Noise { get; set; } = [];
    }
}
