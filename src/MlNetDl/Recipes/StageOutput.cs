using MlNetDl.Analysis;
using MlNetDl.Layers.Contracts;
using MlNetDl.Training;

namespace MlNetDl.Recipes;

/// <summary>Refuses what a stage or a training left, where no model can be made of it.</summary>
internal static class StageOutput
{
    /// <summary>The model, after a check that networks and weights suit each other.</summary>
    /// <exception cref="InvalidOperationException">They do not.</exception>
    public static TrainedModel Checked(string stage, TrainedModel? left)
    {
        var model = left ?? throw new InvalidOperationException($"The stage '{stage}' left no model (null).");
        foreach (var (name, network) in model.Networks)
        {
            try
            {
                var weights = model.Weights.GetValueOrDefault(name)
                    ?? throw new InvalidDataException($"There are no weights of the network '{name}'.");
                weights.Check(network.Plan());
                if (Broken(weights) is { } broken)
                {
                    throw new InvalidDataException($"Weight '{broken}' has values that are no finite numbers.");
                }
            }
            catch (Exception e) when (e is InvalidDataException or ShapeException)
            {
                throw new InvalidOperationException($"The stage '{stage}' left a model whose networks and weights do not suit "
                    + $"each other: {e.Message}", e);
            }
        }

        return model;
    }

    /// <summary>The weights, after a check that they are finite.</summary>
    /// <exception cref="InvalidOperationException">They are not.</exception>
    public static Weights Finite(Weights weights)
    {
        if (Broken(weights) is { } broken)
        {
            throw new InvalidOperationException($"Training ended with values of weight '{broken}' that are no finite "
                + "numbers; no model is made of it. Lower the learning rate or clip gradients (training.clipNorm).");
        }

        return weights;
    }

    private static string? Broken(Weights weights) => weights.FirstOrDefault(w => w.Data.Any(v => !float.IsFinite(v)))?.Name;
}
