using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Compression;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Training;

namespace MlNetDl.Tests.Compression;

/// <summary>Stages on fitted chains of ML.NET.</summary>
[Collection("torch")]
public sealed class FittedChainTests
{
    private readonly MLContext ml = new(1);

    [Fact]
    public void What_only_a_training_needs_stays_out_of_the_model_that_scores()
    {
        var rows = ComparedNumbers.Rows(ml, 300);
        var chain = new EstimatorChain<ITransformer>()
            .Append(ml.Transforms.Conversion.MapValueToKey("Label", "Kind"), TransformerScope.TrainTest)
            .Append(ml.Transforms.Concatenate("Features", "A", "B")).Append(Trainer());
        var pruned = ml.Compression().Prune(chain.Fit(rows), rows, new MagnitudePruning { Amount = 0.5 });
        var scoring = Assert.IsType<TransformerChain<ITransformer>>(pruned).GetModelFor(TransformerScope.Scoring);
        Assert.Equal(["ColumnConcatenatingTransformer", "NeuralNetworkTransformer"], scoring.Select(t => t.GetType().Name));
        Assert.Equal(3, ((TransformerChain<ITransformer>)pruned).GetModelFor(TransformerScope.Testing).Count());
    }

    /// <summary>The probe is in no catalog, as a host's own stages may be.</summary>
    [Fact]
    public void A_model_with_a_stage_that_is_not_registered_is_compressed_too()
    {
        var rows = ComparedNumbers.Rows(ml, 300);
        var model = Chain(Trainer().With(new SensitivityProbe { Options = new() { Amounts = [0.5] } })).Fit(rows);
        Assert.IsAssignableFrom<ITransformer>(ml.Compression().Prune(model, rows, new MagnitudePruning { Amount = 0.5 }));
        Assert.NotEmpty(ml.Compression().Sensitivity(model, rows, new() { Amounts = [0.5] }).Layers);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0.2, true)]
    public void Rows_are_held_out_only_where_the_training_held_them_out(double fraction, bool isHeldOut)
    {
        var rows = ComparedNumbers.Rows(ml, 300);
        var model = Chain(Trainer(fraction)).Fit(rows);
        Assert.Equal(isHeldOut, ml.Compression().Sensitivity(model, rows, new() { Amounts = [0.5] }).IsHeldOut);
        // A later training does not make forgotten what an earlier one has seen.
        var again = ml.Compression().Prune(model, rows, new TrainingOptions { Epochs = 1, ValidationFraction = 0.2, Seed = 1 }, new Fit());
        Assert.Equal(isHeldOut, ml.Compression().Sensitivity(again, rows, new() { Amounts = [0.5] }).IsHeldOut);
    }

    private NeuralNetworkTrainer Trainer(double validationFraction = 0) =>
        ml.MulticlassClassification.Trainers.NeuralNetwork(new NeuralNetworkOptions
        {
            Network = new Mlp { Hidden = [16] },
            Training = new() { Epochs = 2, BatchSize = 32, Seed = 1, Threads = 1, ValidationFraction = validationFraction },
        });

    private IEstimator<ITransformer> Chain(NeuralNetworkTrainer trainer) => ml.Transforms.Conversion.MapValueToKey("Label", "Kind")
        .Append(ml.Transforms.Concatenate("Features", "A", "B")).Append(trainer);
}
