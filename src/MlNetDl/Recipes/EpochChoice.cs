using System.Globalization;
using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Training;
using MlNetDl.Training.Schedules;

namespace MlNetDl.Recipes;

/// <summary>Finds the epochs of a training on a table of few rows, where nobody set them: as many as were best on average on folds of it. Then all rows are
/// trained on for as long (Goodfellow, Bengio and Courville, Deep Learning, 2016, algorithm 7.2).</summary>
/// <remarks>A fixed number is too few for one small table and learns another by heart; a part that is held out would be missed where rows are
/// few.</remarks>
internal static class EpochChoice
{
    private const int Folds = 5, FewestRows = 50, MostRows = 5000;

    // Where rows are long, five more trainings would take minutes.
    private const long MostValues = 1 << 22;
    private const string Loss = "loss";

    /// <summary>The data with the epochs that were found, or as it is where none are to be found.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="data">Its data.</param>
    /// <exception cref="OperationCanceledException">The recipe was stopped.</exception>
    public static PreparedData For(Recipe recipe, PreparedData data)
    {
        if (!Suits(recipe, data))
        {
            return data;
        }

        var examples = data.InMemory!;
        int most = TrainingLength.Epochs((int)((examples.Count + data.Options.SetBatchSize - 1) / data.Options.SetBatchSize));
        int chosen = Fewest([.. Enumerable.Range(0, Folds).Select(fold => LossesOf(recipe, data, examples, fold, most))]);
        var note = string.Create(
            CultureInfo.InvariantCulture,
            $"training.epochs is not set: {Folds} folds of these rows were trained on for {most} epochs, and held-out rows "
            + $"were predicted no better after {chosen}; all rows are trained on for as long.");
        return data with { Options = data.Options with { Epochs = chosen }, Notes = [.. data.Notes, note] };
    }

    /// <summary>The fewest epochs after which the loss on held-out rows is not above the least one by more than a standard error (Breiman, Friedman, Olshen and
    /// Stone, Classification and Regression Trees, 1984, section 3.4.3), here that of the folds' differences.</summary>
    /// <param name="losses">The losses after each epoch, a list a fold.</param>
    public static int Fewest(IReadOnlyList<IReadOnlyList<double>> losses)
    {
        int epochs = losses.Min(l => l.Count);
        double Mean(int epoch) => losses.Average(l => l[epoch]);
        int best = Enumerable.Range(0, epochs).MinBy(e => double.IsNaN(Mean(e)) ? double.PositiveInfinity : Mean(e));
        return Enumerable.Range(0, best + 1).First(IsAsGood) + 1;

        bool IsAsGood(int epoch)
        {
            var differences = losses.Select(l => l[epoch] - l[best]).ToList();
            double mean = differences.Average(), squares = differences.Sum(d => (d - mean) * (d - mean));
            return epoch == best || mean <= Math.Sqrt(squares / (losses.Count - 1) / losses.Count);
        }
    }

    // Where rates depend on the length, a shorter training is another one. And of vectors alone: there a fold takes a second, where one of images takes
    // minutes.
    private static bool Suits(Recipe recipe, PreparedData data) =>
        data.Options is { Epochs: null, Schedule: Constant, Stages.Count: 0, Step: null }
        && data is { Task.LearnsFromLabels: true, InMemory.Count: >= FewestRows and <= MostRows, HasValidation: false, OwnScale: null }
        && data.Shape is { Rank: 2, Type: ElementType.Float32 }
        && data.InMemory.Values <= MostValues && HasClassesInFolds(data)
        && recipe is { ContinueFrom: null, StartCheckpoint: null } && recipe.Model is null or NetworkSpec;

    // Without its rare class, a fold would be another task.
    private static bool HasClassesInFolds(PreparedData data) => data.Form?.Classes(data.Label) is not { Count: > 0 } classes
        || data.Summary.ClassCounts(classes.Count).All(rows => rows >= Folds);

    private static List<double> LossesOf(Recipe recipe, PreparedData data, Examples examples, int fold, int epochs)
    {
        var (train, held) = examples.Fold(fold, Folds, data.Options.SeedOrDefault);
        var part = recipe with
        {
            Training = data.Options with { Epochs = epochs, EarlyStopping = null, RestoreBestWeights = false, Monitor = Loss },
            Callbacks = [],
            CheckpointPath = null,
        };
        var report = new RecipeRun(part, Prepared(train, held)).Run().Reports[0];
        return [.. report.Epochs.Select(e => e.Validation.GetValueOrDefault(Loss, double.PositiveInfinity))];

        PreparedData Prepared(Examples some, Examples others) =>
            ExamplePreparation.Of(some, others, data.Task, data.Form, part.Training) with { IsNormalized = data.IsNormalized };
    }
}
