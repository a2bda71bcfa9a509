using MlNetDl.Data;
using MlNetDl.MlNet;
using MlNetDl.Models;

namespace MlNetDl.Experiments;

/// <summary>Scores examples in memory, with the truth in the model's order of classes.</summary>
internal static class ExampleScores
{
    /// <summary>Scores and targets, row-major.</summary>
    /// <exception cref="InvalidDataException">The labels do not suit the model.</exception>
    public static (float[] Scores, float[] Targets) Of(NeuralNetworkTransformer network, Examples examples)
    {
        examples = Suited(examples, network.Package.Manifest);
        return (network.Score(examples), ScoredTask.Targets(examples));
    }

    /// <summary>The examples with their classes numbered as the model numbers them. Classes are compared by their names.</summary>
    /// <exception cref="InvalidDataException">The labels do not suit the model.</exception>
    public static Examples Suited(Examples examples, ModelManifest manifest)
    {
        examples = Renumbered(examples, manifest);
        var task = ScoredTask.Of(manifest);
        bool suits = examples.Targets is not null && examples.Targets is long[] == task.Label.IsClassIndex
            && !(examples.Targets is long[] && examples.ClassNames.Count > manifest.Outputs);
        if (!suits)
        {
            throw new InvalidDataException($"The data's labels do not suit the model, which does {ScoredTask.NameOf(task)} with "
                + $"{manifest.Outputs} outputs.");
        }

        return examples;
    }

    // A model numbers classes in its own order, so classes are compared by their names.
    private static Examples Renumbered(Examples examples, ModelManifest manifest)
    {
        if (examples.Targets is not long[] classes || manifest.Task is not { Label.IsClassIndex: true } || examples.ClassNames.Count == 0)
        {
            return examples;
        }

        var numbers = examples.ClassNames.Select(name => (long)manifest.ClassNames.AsSpan().IndexOf(name)).ToArray();
        int unknown = Array.IndexOf(numbers, -1);
        if (unknown >= 0)
        {
            throw new InvalidDataException($"The data has a class '{examples.ClassNames[unknown]}', which the model "
                + $"does not know; its classes are {string.Join(", ", manifest.ClassNames)}.");
        }

        return examples with { Targets = Array.ConvertAll(classes, c => numbers[c]), ClassNames = manifest.ClassNames };
    }
}
