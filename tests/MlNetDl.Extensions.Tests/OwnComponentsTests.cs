using MlNetDl.Configuration;
using MlNetDl.Extensions.Tests.Parts;
using MlNetDl.Extensions.Tests.Seams;
using MlNetDl.Layers.Contracts;
using MlNetDl.Metrics;
using MlNetDl.Networks;
using MlNetDl.Tests.Contracts;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;

namespace MlNetDl.Extensions.Tests;

/// <summary>Components of a host keep the contracts: what an author outside runs over own ones.</summary>
public sealed class OwnComponentsTests
{
    private const string NoPruning = "nobody prunes it";

    private static readonly ContractCases Cases = new ContractCases()
        .Add(
            "reparameterize",
            LayerContract.Of(new Reparameterize("v", "n"), Shape.Vector(4), Shape.Vector(4), Shape.Vector(4)),
            (LayerContract.Coupling, NoPruning))
        .Add(
            "lstm",
            // ONNX Runtime's LSTM ends the process for a batch without rows, so that fact cannot even be run as an excuse.
            [.. LayerContract.Of(new SeamLstm(4), new Shape(ElementType.Float32, [Dim.Batch, "T", 3])).Where(f => f.Name != LayerContract.NoRows)],
            (LayerContract.Coupling, NoPruning),
            (LayerContract.InBFloat16, "its state begins in float32"))
        .Add(
            "pinball",
            LossContract.Of(new LossSample(
                new Pinball { Quantiles = [0.1, 0.5, 0.9] },
                new[,] { { 1, 2, 3 }, { 0.5f, -1, 2 }, { -0.3f, 0.1f, 0.8f } },
                new[,] { { 1.7f }, { 0.4f }, { -1 } })))
        .Add(
            "cumulative",
            LossContract.Of(new LossSample(
                new CumulativeLoss(),
                new[,] { { 1, 2 }, { 0.5f, -1 }, { -0.3f, 0.1f } },
                new float[,] { { 1 }, { 0 }, { 2 } })))
        .Add("known squared error", LossContract.Of(new KnownSquaredError()))
        .Add("f-beta", MetricContract.Of(new FBeta { Beta = 0.5 }))
        .Add("gini coefficient", MetricContract.Of(new GiniCoefficient { Averaging = Averaging.Weighted }))
        .Add("calibration error", MetricContract.Of(new CalibrationError { Bins = 5 }))
        .Add(
            "coverage error",
            MetricContract.Of(new MetricSample(
                new CoverageError { Share = 0.75 },
                (rows, seed) => Rows(rows, seed, 3, r => (r.NextSingle() * 4) - 1),
                new(ScoreForm.Values, 2, [0, 1, 0, 1, 0, 1, 0, 1], [0.5f, 0.2f, 0.7f, 3]))))
        .Add(
            "level error",
            MetricContract.Of(new MetricSample(
                new LevelError(),
                (rows, seed) => Rows(rows, seed, 2, r => r.Next(3)),
                new(ScoreForm.Values, 2, [0, 0, 1, 0, 1, 1], [0, 1, 2]))))
        .Add("quantile regression", TaskContract.Of(new QuantileRegression()))
        .Add(
            "ordinal classification", TaskContract.Of(new OrdinalClassification { Levels = ["low", "medium", "high"] }))
        .Add("raw value", TaskContract.Of(new RawValue()))
        .Add("class and size", TaskContract.Of(new ClassAndSize()))
        .Add("sharpness-aware", OptimizerContract.Of(new SharpnessAware { Rho = 0.1, Base = new Adam() }))
        .Add("layer-wise adaptive", OptimizerContract.Of(new LayerwiseAdaptive { Trust = 0.1 }))
        .Add("lower bound", ComponentContract.Of<StepSpec>(new Elbo { Peak = 2 }))
        .Add("narrow", ComponentContract.Of<Stage>(new Narrow { Keep = 4 }))
        .Add("mask", ComponentContract.Of<Stage>(new MagnitudeMask { Share = 0.3 }))
        .Add("distill", ComponentContract.Of<Stage>(new Distill { Teacher = "teacher.zip" }))
        .Add("averaging", ComponentContract.Of<Stage>(new WeightAveraging()))
        .Add("ownAutoencoder", ComponentContract.Of<ModelSpec>(new Autoencoder { Latent = 3 }))
        .Add("vae", ComponentContract.Of<ModelSpec>(new Vae()));

    public static TheoryData<string, string> Kept => Cases.Kept;

    public static TheoryData<string, string> Excused => Cases.Excused;

    [Theory]
    [MemberData(nameof(Kept))]
    public void They_keep_their_contracts(string component, string fact) => Cases.Run(component, fact);

    [Theory]
    [MemberData(nameof(Excused))]
    public void What_they_are_excused_from_they_cannot_keep(string component, string fact) => Cases.RunExcused(component, fact);

    /// <summary>Rows of so many random scores beside one target.</summary>
    private static MetricRows Rows(int rows, int seed, int width, Func<Random, float> target)
    {
        var random = new Random(seed);
        float[] scores = [.. Enumerable.Range(0, rows * width).Select(_ => random.NextSingle())];
        return new(ScoreForm.Values, width, scores, [.. Enumerable.Range(0, rows).Select(_ => target(random))]);
    }
}
