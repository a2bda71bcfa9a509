using MlNetDl.Data;
using MlNetDl.Generative;
using MlNetDl.MlNet;
using MlNetDl.Models;
using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>Scores examples in memory, with the truth in the model's order of classes.</summary>
internal static class ExampleScores
{
    /// <summary>Scores and targets, row-major. Where a model that learned without labels meets none, all rows count as normal.</summary>
    /// <exception cref="InvalidDataException">The labels do not suit the model.</exception>
    public static (float[] Scores, float[] Targets) Of(NeuralNetworkTransformer network, Examples examples, IProgress<long>? progress = null)
    {
        var manifest = network.Package.Manifest;
        if (manifest.Task is { LearnsFromLabels: false } && !HasTruth(examples))
        {
            return (Scores(network, examples, progress), new float[examples.Count]);
        }

        examples = Suited(examples, manifest);
        return (Scores(network, examples, progress), ScoredTask.Targets(examples));
    }

    // As metrics take them: a transformer gives a detector's score, and strange is what lies above the threshold.
    private static float[] Scores(NeuralNetworkTransformer network, Examples examples, IProgress<long>? progress)
    {
        var scores = network.Score(examples, progress);
        return network.Package.Manifest.Task is AnomalyDetection && AnomalyReport.Of(network.Package) is { Threshold: var threshold }
            ? Array.ConvertAll(scores, s => s - (float)threshold)
            : scores;
    }

    /// <summary>Whether the examples say which of them are strange: classes do not.</summary>
    public static bool HasTruth(Examples examples) => examples.Targets is float[];

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

        return task.Label is YesNoLabel ? Named(examples, manifest) : examples;
    }

    // One word for yes here and another one there would turn the labels round.
    private static Examples Named(Examples examples, ModelManifest manifest)
    {
        if (manifest.Label.YesNoNames is not [var no, var yes])
        {
            return examples;
        }

        return examples.ClassNames is [var otherNo, var otherYes] && (otherNo == yes || otherYes == no)
            ? throw new InvalidDataException($"The model takes '{yes}' for yes and '{no}' for no, but the data takes '{otherYes}' for yes; name '{yes}' as "
                + "positive, or leave it out.")
            : examples with { ClassNames = manifest.Label.YesNoNames };
    }

    // Labels are compared by their names too. One that the data does not have is nowhere.
    private static Examples Reordered(Examples examples, float[] flags, ModelManifest manifest)
    {
        if (examples.ClassNames.Except(manifest.ClassNames).FirstOrDefault() is { } unknown)
        {
            throw new InvalidDataException($"The data has a label '{unknown}', which the model does not know; its labels are "
                + $"{string.Join(", ", manifest.ClassNames)}.");
        }

        int[] places = [.. examples.ClassNames.Select(n => manifest.ClassNames.AsSpan().IndexOf(n))];
        var targets = new float[examples.Count * manifest.ClassNames.Count];
        for (int i = 0; i < flags.Length; i++)
        {
            targets[(i / places.Length * manifest.ClassNames.Count) + places[i % places.Length]] = flags[i];
        }

        return examples with { Targets = targets, TargetWidth = manifest.ClassNames.Count, ClassNames = manifest.ClassNames };
    }

    // A model numbers classes in its own order, so classes are compared by their names.
    private static Examples Renumbered(Examples examples, ModelManifest manifest)
    {
        if (manifest.Task is { Label: LabelSet } && examples.Targets is float[] flags && !examples.ClassNames.Equals(manifest.ClassNames))
        {
            return Reordered(examples, flags, manifest);
        }

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
