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
            throw new ArgumentException($"training.stages[0] ({stages[0].GetType().Name}) takes part in the training of the stage before "
                + $"it, but there is none; put it behind 'fit'.");
        }

        if (!isFitted && !stages.Any(s => s is Fit))
        {
            throw new ArgumentException("training.stages has no 'fit', so the network would never be trained; begin with 'fit', or "
                + "continue from a fitted model.");
        }
    }
}
