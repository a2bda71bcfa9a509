using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Training;

namespace MlNetDl.Recipes;

/// <summary>Trainings whose rows come from several columns.</summary>
internal static class SeveralInputs
{
    /// <summary>The layers that standardise the inputs, each by its own numbers, by the input's name; empty for one input.</summary>
    /// <param name="standardize">Whether inputs are standardised; <see langword="null"/> does so unless their column is normalised.</param>
    /// <param name="data">The data.</param>
    public static Dictionary<string, Layer> Preprocessing(bool? standardize, PreparedData data) => data.Parts
        .Where(p => p.Shape.Type == ElementType.Float32 && (standardize ?? !p.IsNormalized))
        .ToDictionary(p => p.Name, p => (Layer)PreviousModel.Standardization(
            data.Summary.Of(p.Name)!.Mean, data.Summary.Of(p.Name)!.StandardDeviation));

    /// <summary>Refuses what is made for one input.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="spec">The model.</param>
    /// <param name="data">The data.</param>
    /// <exception cref="NotSupportedException">The model or a stage takes one input only, or a named network is to go on.</exception>
    public static void Check(Recipe recipe, ModelSpec spec, PreparedData data)
    {
        if (data.Parts.Count == 0)
        {
            return;
        }

        var columns = $"The features come from {data.Parts.Count} columns ({string.Join(", ", data.Parts.Select(p => p.Column))})";
        if (spec is not NetworkSpec)
        {
            throw new NotSupportedException($"{columns}, but {spec.GetType().Name} takes one; concatenate them, or take a CustomNetwork.");
        }

        if (recipe.Training.Stages.FirstOrDefault(s => s is not Fit) is { } stage)
        {
            throw new NotSupportedException($"{columns}, but the stage {stage.GetType().Name} is made for one; leave it out.");
        }

        if (recipe.ContinueFrom is not null && (recipe.Model is not null || recipe.Standardize is not null))
        {
            throw new NotSupportedException($"{columns}. A model of several inputs goes on as it is: leave Network and Standardize unset.");
        }
    }
}
