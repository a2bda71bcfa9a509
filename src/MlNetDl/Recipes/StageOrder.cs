using MlNetDl.Compression;
using MlNetDl.Configuration;
using MlNetDl.Training;

namespace MlNetDl.Recipes;

/// <summary>Refuses an order of stages that makes no sense, before anything is trained.</summary>
internal static class StageOrder
{
    /// <exception cref="ArgumentException">The order makes no sense; the message says which stage and why.</exception>
    public static void Check(IReadOnlyList<Stage> stages, bool isFitted)
    {
        if (stages.Count == 0)
        {
            return;
        }

        if (stages[0] is FitHook)
        {
            throw new ArgumentException($"training.stages[0] ({NameOf(stages[0])}) takes part in the training of the stage before "
                + $"it, but there is none; put it behind 'fit'.");
        }

        CheckHooks(stages);
        foreach (var (index, stage) in stages.Index().Where(s => s.Item.IsLast))
        {
            if (stages.Skip(index + 1).FirstOrDefault(s => s is not FitHook) is { } late)
            {
                throw new ArgumentException($"training.stages has {NameOf(late)} behind {NameOf(stage)}, "
                    + (late.IsLast ? "but numbers are rounded once; leave one of them out." :
                        $"but that needs float weights, and {NameOf(stage)} leaves rounded ones; put {NameOf(stage)} last."));
            }
        }

        if (!isFitted && stages.TakeWhile(s => s is not Fit).FirstOrDefault(s => s is BornAgain) is { } untaught)
        {
            throw new ArgumentException($"training.stages has {NameOf(untaught)} before the first 'fit': it lets the model so far teach, "
                + "which has learnt nothing yet; put it behind 'fit', or continue from a fitted model.");
        }

        if (stages.SkipWhile(s => s is not WeightClustering).Any(s => s is MagnitudePruning { Schedule: ContinuousPruning }))
        {
            throw new ArgumentException("training.stages has weightClustering before a magnitudePruning that masks weights while it trains: weights "
                + "that share a value move together, and cannot be masked one after the other. Prune before.");
        }

        if (!isFitted && stages.TakeWhile(s => s is not Fit).Any(s => s is ExitThreshold))
        {
            throw new ArgumentException("training.stages has exitThreshold before the first 'fit': its exits have learnt nothing yet; put it behind 'fit', or "
                + "continue from a fitted model.");
        }

        if (stages.SkipWhile(s => s is not ExitThreshold).Skip(1).FirstOrDefault(s => s is Fit) is not null)
        {
            throw new ArgumentException("training.stages has a 'fit' behind exitThreshold, whose thresholds are of the weights before it; put exitThreshold "
                + "behind the last fit.");
        }

        if (!isFitted && !stages.Any(s => s is Fit))
        {
            throw new ArgumentException("training.stages has no 'fit', so the network would never be trained; begin with 'fit', or "
                + "continue from a fitted model.");
        }
    }

    /// <summary>A stage's name in messages.</summary>
    public static string NameOf(Stage stage) => Catalogs.Stages.EntryOf(stage.GetType())?.Name ?? stage.GetType().Name;

    private static void CheckHooks(IReadOnlyList<Stage> stages)
    {
        foreach (var (index, stage) in stages.Index().Where(s => s.Item is not FitHook))
        {
            var hooks = stages.Skip(index + 1).TakeWhile(s => s is FitHook).ToList();
            if (hooks.Count > 0 && stage.Trains == false)
            {
                throw new ArgumentException($"training.stages[{index + 1}] ({NameOf(hooks[0])}) takes part in the training of the stage before it, but "
                    + $"{NameOf(stage)} trains nothing; give that a fineTune, or put it behind a fit.");
            }

            if (hooks.Count(h => h is Distilled) > 1)
            {
                throw new ArgumentException($"training.stages has 'distilled' twice behind {NameOf(stage)}, and the second would take the place of the "
                    + "first; give one with several teachers: { type: distilled, teacher: [a.zip, b.zip] }.");
            }
        }
    }
}
