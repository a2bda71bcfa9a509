using MlNetDl.Compression;
using MlNetDl.Configuration;
using MlNetDl.Training;

namespace MlNetDl.Recipes;

/// <summary>Finds an order of stages that makes no sense, before anything is trained.</summary>
public static class StageOrder
{
    private const string Place = "training.stages";

    /// <summary>What is wrong with the order of a recipe's stages; <see langword="null"/> where nothing is.</summary>
    /// <param name="stages">The stages. None is one fit.</param>
    /// <param name="before">The stages that made the model which the recipe continues from, as far as they are known;
    /// <see langword="null"/> where it begins with fresh weights.</param>
    /// <returns>The problem, with its place in an experiment, such as <c>training.stages[1]</c>.</returns>
    public static RecordProblem? Problem(IReadOnlyList<Stage> stages, IReadOnlyList<Stage>? before = null)
    {
        ArgumentNullException.ThrowIfNull(stages);
        stages = stages.Count == 0 ? [new Fit()] : stages;
        List<Stage> all = [.. before ?? [], .. stages];
        return Hooks(stages) ?? Rounding(stages) ?? (before is null ? Unfitted(stages) : null) ?? Masks(all) ?? Thresholds(all) ?? Gates(all);
    }

    /// <summary>Refuses a wrong order.</summary>
    /// <exception cref="ArgumentException">The order makes no sense; the message says which stage and why.</exception>
    internal static void Check(IReadOnlyList<Stage> stages, bool isFitted)
    {
        if (Problem(stages, isFitted ? [] : null) is { } problem)
        {
            throw new ArgumentException(problem.ToString());
        }
    }

    /// <summary>A stage's name in messages.</summary>
    public static string NameOf(Stage stage)
    {
        ArgumentNullException.ThrowIfNull(stage);
        return Catalogs.Stages.EntryOf(stage.GetType())?.Name ?? stage.GetType().Name;
    }

    private static RecordProblem? Hooks(IReadOnlyList<Stage> stages)
    {
        if (stages[0] is FitHook)
        {
            return new($"{Place}[0]", $"({NameOf(stages[0])}) takes part in the training of the stage before it, but there is none; put it behind 'fit'.");
        }

        foreach (var (index, stage) in stages.Index().Where(s => s.Item is not FitHook))
        {
            var hooks = stages.Skip(index + 1).TakeWhile(s => s is FitHook).ToList();
            if (hooks.Count > 0 && stage.Trains == false)
            {
                return new($"{Place}[{index + 1}]", $"({NameOf(hooks[0])}) takes part in the training of the stage before it, but "
                    + $"{NameOf(stage)} trains nothing; give that a fineTune, or put it behind a fit.");
            }

            if (hooks.Count(h => h is Distilled) > 1)
            {
                return List($"has 'distilled' twice behind {NameOf(stage)}, and the second would take the place of the "
                    + "first; give one with several teachers: { type: distilled, teacher: [a.zip, b.zip] }.");
            }
        }

        return null;
    }

    private static RecordProblem? Rounding(IReadOnlyList<Stage> stages)
    {
        foreach (var (index, stage) in stages.Index().Where(s => s.Item.IsLast))
        {
            if (stages.Skip(index + 1).FirstOrDefault(s => s is not FitHook) is { } late)
            {
                return List($"has {NameOf(late)} behind {NameOf(stage)}, " + (late.IsLast
                    ? "but numbers are rounded once; leave one of them out."
                    : $"but that needs float weights, and {NameOf(stage)} leaves rounded ones; put {NameOf(stage)} last."));
            }
        }

        return null;
    }

    private static RecordProblem? Unfitted(IReadOnlyList<Stage> stages)
    {
        var early = stages.TakeWhile(s => s is not Fit).ToList();
        if (early.Find(s => s is BornAgain) is { } untaught)
        {
            return List($"has {NameOf(untaught)} before the first 'fit': it lets the model so far teach, which has learnt nothing yet; put it behind "
                + "'fit', or continue from a fitted model.");
        }

        if (early.Exists(s => s is ExitThreshold))
        {
            return List("has exitThreshold before the first 'fit': its exits have learnt nothing yet; put it behind 'fit', or continue from a fitted "
                + "model.");
        }

        return early.Count < stages.Count ? null
            : List("has no 'fit', so the network would never be trained; begin with 'fit', or continue from a fitted model.");
    }

    private static RecordProblem? Masks(IReadOnlyList<Stage> stages) =>
        stages.SkipWhile(s => s is not WeightClustering).Any(s => s is MagnitudePruning { Schedule: ContinuousPruning })
            ? List("has weightClustering before a magnitudePruning that masks weights while it trains: weights that share a value move together, and "
                + "cannot be masked one after the other. Prune before.")
            : null;

    private static RecordProblem? Thresholds(IReadOnlyList<Stage> stages) =>
        stages.SkipWhile(s => s is not ExitThreshold).Any(s => s is Fit)
            ? List("has a 'fit' behind exitThreshold, whose thresholds are of the weights before it; put exitThreshold behind the last fit.")
            : null;

    private static RecordProblem? Gates(IReadOnlyList<Stage> stages)
    {
        var before = stages.Take(stages.Index().LastOrDefault(s => s.Item is ChannelGates).Index).ToList();
        return before.Find(s => s is ChannelGates or FoldNorms or LowRank) switch
        {
            null => null,
            ChannelGates => List("has channelGates twice, but the network has gates of channels already behind the first; leave one of them out."),
            var changed => List($"has channelGates behind {NameOf(changed)}, but gates need batch normalisations right behind convolutions, which "
                + $"{NameOf(changed)} takes away; put channelGates before."),
        };
    }

    private static RecordProblem List(string text) => new(Place, text);
}
