using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Compression;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Training;

namespace MlNetDl.Tests.Compression.Ledger;

[Collection("torch")]
public sealed class CompressionCatalogTests
{
    private readonly MLContext ml = new(1);

    private IEstimator<ITransformer> Pipeline(NeuralNetworkTrainer trainer) =>
        ml.Transforms.Conversion.MapValueToKey("Label", "Kind")
            .Append(ml.Transforms.Concatenate("Features", "A", "B"))
            .Append(trainer)
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedKind", "PredictedLabel"));

    [Fact]
    public void A_fitted_chain_is_pruned_and_set_beside_itself()
    {
        var options = new NeuralNetworkOptions
        {
            Network = new Mlp { Hidden = [32] },
            Training = new() { Epochs = 8, BatchSize = 32, Seed = 1, Threads = 1 },
        };
        var (train, test) = (ComparedNumbers.Rows(ml, 400, 1), ComparedNumbers.Rows(ml, 200, 2));
        var model = Pipeline(ml.MulticlassClassification.Trainers.NeuralNetwork(options)).Fit(train);
        var small = ml.Compression().Prune(model, train, new MagnitudePruning { Amount = 0.5, FineTune = new() { Epochs = 3 } });

        var ledger = ml.Compression().Compare(model, small, test);
        var (before, after) = (ledger.Rows[0], ledger.Rows[1]);
        Assert.Equal(before.Size.Parameters - 64, after.Size.NonZeros);
        Assert.True(before.Metrics["accuracy"] > 0.9 && after.Metrics["accuracy"] > 0.85, $"{before.Metrics["accuracy"]} {after.Metrics["accuracy"]}");
        Assert.Equal(["above", "below"], small.Transform(test).GetColumn<ReadOnlyMemory<char>>("PredictedKind").Select(v => v.ToString()).Distinct().Order());
        // The chain that was given is as it was.
        Assert.Equal(before.Size.NonZeros, ml.Compression().Compare(model, model).Rows[0].Size.NonZeros);
    }

    [Fact]
    public void The_trainer_of_a_pipeline_prunes_by_itself()
    {
        var trainer = ml.MulticlassClassification.Trainers.NeuralNetwork(new Mlp { Hidden = [16] }, epochs: 2)
            .Pruned(new MagnitudePruning { Amount = 0.5, FineTune = new() { Epochs = 1 } });
        var model = Pipeline(trainer).Fit(ComparedNumbers.Rows(ml, 200, 1));
        Assert.Equal(32, ml.Compression().Compare(model, model).Rows[0] is { } row ? row.Size.Parameters - row.Size.NonZeros : 0);
    }

    /// <summary>A layer of 32 by 16 is two of rank 4; in the file each matrix is a codebook and codes.</summary>
    [Fact]
    public void It_factorises_and_clusters_what_is_fitted_and_so_does_a_trainer()
    {
        var rows = ComparedNumbers.Rows(ml, 200, 1);
        var trainer = ml.MulticlassClassification.Trainers.NeuralNetwork(new Mlp { Hidden = [32, 16] }, epochs: 2);
        var model = Pipeline(trainer).Fit(rows);
        var ranks = new LowRank { Rank = 4 };
        var factorised = ml.Compression().Factorise(model, rows, ranks);
        var clustered = ml.Compression().Cluster(model, rows, new() { Bits = 2 });
        var both = Pipeline(trainer.Factorised(ranks).Clustered(new() { Bits = 2, FineTune = new() { Epochs = 1 } })).Fit(rows);
        var size = ml.Compression().Compare([("a", model), ("b", factorised), ("c", clustered), ("d", both)]).Rows.Select(r => r.Size).ToList();
        Assert.Equal(size[0].Parameters - (32 * 16) + (4 * (32 + 16)), size[1].Parameters);
        Assert.Equal(size[1].Macs, size[3].Macs);
        Assert.Equal(size[0].OnnxBytes, size[2].OnnxBytes, 10.0);
        Assert.True(size[2].ZippedBytes < size[0].ZippedBytes - 1000, $"{size[2].ZippedBytes} of {size[0].ZippedBytes}");
    }

    [Fact]
    public void With_options_of_a_trainer_it_validates_tells_and_keeps_what_follows_from_the_model()
    {
        using var folder = new TemporaryFolder();
        var (train, validation) = (ComparedNumbers.Rows(ml, 200, 1), ComparedNumbers.Rows(ml, 100, 2));
        var model = Pipeline(ml.MulticlassClassification.Trainers.NeuralNetwork(new Mlp { Hidden = [16] }, epochs: 2)).Fit(train);
        var epochs = new Epochs();
        var options = new NeuralNetworkOptions
        {
            Network = new Mlp { Hidden = [3] },   // The model's own is taken.
            Training = new() { Epochs = 2, BatchSize = 32, Threads = 1 },
            CheckpointPath = folder["checkpoint"],
            Callbacks = [epochs],
        };
        var small = ml.Compression().Prune(model, train, validation, options, new FilterPruning { FineTune = new() });
        Assert.Equal(8 * 4, ml.Compression().Compare(model, small).Rows[1].Size.Macs);
        Assert.Equal(2, epochs.Ended.Count);
        Assert.All(epochs.Ended, e => Assert.Contains("accuracy", e.Validation.Keys));
        Assert.True(File.Exists(folder["checkpoint"]));
        Assert.Equal([3], ((Mlp)options.Network).Hidden);
    }

    [Fact]
    public void Nothing_to_apply_is_refused()
    {
        var model = Pipeline(ml.MulticlassClassification.Trainers.NeuralNetwork(new Mlp { Hidden = [4] }, epochs: 1)).Fit(ComparedNumbers.Rows(ml, 50, 1));
        var e = Assert.Throws<ArgumentException>(() => ml.Compression().Prune(model, ComparedNumbers.Rows(ml, 50, 1)));
        Assert.Contains("There is no stage to apply", e.Message, StringComparison.Ordinal);
    }

    private sealed class Epochs : Callback
    {
        public List<EpochReport> Ended { get; } = [];

        public override bool EpochEnded(EpochReport epoch)
        {
            Ended.Add(epoch);
            return true;
        }
    }

    [Fact]
    public void A_model_without_a_network_is_named()
    {
        var model = ml.Transforms.Concatenate("Features", "A", "B").Fit(ComparedNumbers.Rows(ml, 10, 1));
        var e = Assert.Throws<ArgumentException>(() => ml.Compression().Prune(model, ComparedNumbers.Rows(ml, 10, 1), new MagnitudePruning()));
        Assert.Contains("Expected a model with one neural network", e.Message, StringComparison.Ordinal);
    }
}
