using Microsoft.ML;
using MlNetDl.Data;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Tests.Training;
using MlNetDl.Training;

namespace MlNetDl.Tests.MlNet;

/// <summary>A checkpoint knows the data it was made on. Nothing is standardised, as means and deviations would give
/// much away; labels that change places leave even these as they are.</summary>
[Collection("torch")]
public sealed class CheckpointDataTests
{
    private static readonly Examples Train = Samples.Blobs(), Held = Samples.Blobs(30, seed: 2);

    public static TheoryData<string> Changes =>
        ["labels", "features", "weights", "names", "order", "validation", "fraction of other labels"];

    [Theory]
    [MemberData(nameof(Changes))]
    public void Other_data_is_another_training(string what)
    {
        using var folder = new TemporaryFolder();
        bool splits = what == "fraction of other labels";
        var weighted = Train with { Weights = [.. Enumerable.Range(0, Train.Count).Select(i => 1f + (i % 2))] };
        var other = what switch
        {
            "labels" or "fraction of other labels" =>
                weighted with { Targets = ((long[])Train.Targets!).Select(c => (c + 1) % 3).ToArray() },
            "features" => weighted with { Features = ((float[])Train.Features).Chunk(2).SelectMany(pair => pair.Reverse()).ToArray() },
            "weights" => weighted with { Weights = [.. weighted.Weights!.Reverse()] },
            "names" => weighted with { ClassNames = ["a", "c", "b"] },
            "order" => Reordered(weighted),
            _ => weighted,
        };
        var held = splits ? null
            : what == "names" ? Held with { ClassNames = ["a", "c", "b"] }
            : what == "validation" ? Samples.Blobs(30, seed: 3)
            : Held;
        Trainer(folder, splits).Fit(weighted, splits ? null : Held);
        Assert.Contains(
            "is of another training (its network, options or data differ)",
            Assert.Throws<InvalidDataException>(() => Trainer(folder, splits).Fit(other, held)).Message,
            StringComparison.Ordinal);

        // The same data, in other arrays, is the same training, and is done.
        var again = weighted with { Features = ((float[])Train.Features).ToArray(), Targets = ((long[])Train.Targets!).ToArray() };
        Assert.Equal(0, Steps(folder, splits, again, splits ? null : Held));
    }

    [Theory]
    [InlineData(1024)]
    [InlineData(0)]
    public void Rows_of_other_labels_are_another_training_held_in_memory_or_streamed(int budgetMB)
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(seed: 1);
        IDataView View(string yes)
        {
            var rows = ml.Data.LoadFromEnumerable(TrainerContractTests.Rows().Select(r =>
            {
                r.Yes = r.Text == yes;
                return r;
            }));
            return ml.Transforms.CopyColumns("Label", "Yes").Fit(rows).Transform(rows);
        }

        NeuralNetworkTrainer Fresh(Callback callback) => ml.BinaryClassification.Trainers.NeuralNetwork(new NeuralNetworkOptions
        {
            Network = new Mlp { Hidden = [4] },
            Standardize = false,
            CheckpointPath = folder["checkpoint"],
            Callbacks = [callback],
            Training = new()
            {
                Epochs = 2,
                BatchSize = 16,
                MemoryBudgetMB = budgetMB,
                ShuffleBuffer = 20,
                ValidationFraction = 0.2,
            },
        });
        Fresh(new Count()).Fit(View("b"));
        Assert.Throws<InvalidDataException>(() => Fresh(new Count()).Fit(View("c")));
        var count = new Count();
        Fresh(count).Fit(View("b"));
        Assert.Equal(0, count.Steps);
    }

    private static Examples Reordered(Examples examples) => examples with
    {
        Features = ((float[])examples.Features).Chunk(Samples.Width).Reverse().SelectMany(r => r).ToArray(),
        Targets = ((long[])examples.Targets!).Reverse().ToArray(),
        Weights = [.. examples.Weights!.Reverse()],
    };

    private static int Steps(TemporaryFolder folder, bool splits, Examples examples, Examples? held)
    {
        var count = new Count();
        Trainer(folder, splits, count).Fit(examples, held);
        return count.Steps;
    }

    private static NeuralNetworkTrainer Trainer(TemporaryFolder folder, bool splits, params Callback[] callbacks) =>
        new MLContext(seed: 1).MulticlassClassification.Trainers.NeuralNetwork(new NeuralNetworkOptions
        {
            Network = new Mlp { Hidden = [4] },
            Standardize = false,
            CheckpointPath = folder["checkpoint"],
            Callbacks = callbacks,
            Training = new()
            {
                Epochs = 2,
                BatchSize = 16,
                ValidationFraction = splits ? 0.2 : 0,
            },
        });

    private sealed class Count : Callback
    {
        public int Steps { get; private set; }

        public override void StepEnded(TrainingProgress progress) => Steps++;
    }
}
