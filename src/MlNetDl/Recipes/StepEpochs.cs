using System.Globalization;
using MlNetDl.Training;

namespace MlNetDl.Recipes;

/// <summary>The epochs of a kind of training that knows how many it takes.</summary>
internal static class StepEpochs
{
    /// <summary>The options with the step's own epochs, where it has any.</summary>
    /// <param name="options">The options.</param>
    /// <param name="step">The kind of training.</param>
    /// <param name="name">What the model is called.</param>
    /// <exception cref="ArgumentException">The options ask for another number.</exception>
    public static TrainingOptions Of(TrainingOptions options, StepSpec step, string name)
    {
        if (step.Epochs is not { } passes)
        {
            return options;
        }

        if (options.Epochs is { } asked && asked != passes)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"training.epochs is {asked}, but {name} takes "
                + $"{passes} pass{(passes == 1 ? "" : "es")} over the data, and more change nothing; leave epochs out."));
        }

        return options with { Epochs = passes };
    }
}
