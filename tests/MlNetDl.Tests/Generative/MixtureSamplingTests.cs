using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Data;
using MlNetDl.Generative;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Tests.Decomposition;

namespace MlNetDl.Tests.Generative;

[Collection("torch")]
public sealed class MixtureSamplingTests : IDisposable
{
    private readonly MLContext ml = new(seed: 1);
    private readonly NeuralNetworkTransformer fitted;
    private readonly IDataView data;

    public MixtureSamplingTests()
    {
        var schema = SchemaDefinition.Create(typeof(PcaSamples.Row));
        (schema[0].ColumnType, schema[0].ColumnName) = (new VectorDataViewType(NumberDataViewType.Single, 64), "Features");
        data = ml.Data.LoadFromEnumerable(PcaSamples.Digits().Select(r => new PcaSamples.Row { Values = r }).ToList(), schema);
        var model = new Vae { Latent = 3, Peak = 16, Encoder = new Mlp { Hidden = [16] }, Decoder = new Mlp { Hidden = [16] } };
        fitted = ml.Generation().Trainers.NeuralNetwork(model, epochs: 3).Fit(data);
    }

    public void Dispose() => fitted.Dispose();

    [Fact]
    public void The_mixture_is_that_of_the_codes_and_what_is_drawn_is_decoded()
    {
        var options = new MixtureOptions { Components = 4, Seed = 2 };
        var sampler = ml.Generation().Mixture(fitted, data, options);
        var codes = fitted.Transform(data).GetColumn<float[]>(Vae.LatentColumn).ToList();
        Assert.Equal(GaussianMixture.Fit(codes, options).Objectives, sampler.Objectives, (a, b) => Math.Abs(a - b) < 1e-4);
        using var vae = VaeModel.Of(fitted.Package);
        Assert.Equal(vae.Decode(sampler.Sample(600, new Random(5))), fitted.Generate(600, 5, sampler).SelectMany(r => r));
        Assert.Equal(fitted.Generate(600, 5, sampler).Take(7).SelectMany(r => r), fitted.Generate(7, 5, sampler).SelectMany(r => r),
            (a, b) => Math.Abs(a - b) < 1e-3);
    }

    [Fact]
    public void Rows_and_codes_of_another_size_are_refused()
    {
        using var vae = VaeModel.Of(fitted.Package);
        var other = new Examples(Shape.Vector(5), new float[50]);
        Assert.Contains("rows of 64 values", Assert.Throws<ArgumentException>(() => vae.FitMixture(other)).Message, StringComparison.Ordinal);
        var sampler = GaussianMixture.Fit([[1, 2], [3, 4]], new() { Components = 1 });
        Assert.Contains("codes of 2 values", Assert.Throws<ArgumentException>(() => fitted.Generate(1, 0, sampler)).Message, StringComparison.Ordinal);
    }
}
