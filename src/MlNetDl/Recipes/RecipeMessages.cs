using System.Globalization;
using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Networks;
using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Torch;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Recipes;

/// <summary>The messages of a recipe to its callbacks. A warning begins with <c>warning: </c>.</summary>
internal sealed class RecipeMessages(IReadOnlyList<Callback> callbacks)
{
    private const int ClassesShown = 20;

    // Fewer steps leave a network near its beginning.
    private const int FewSteps = 200;

    // Of a shorter time nobody complains.
    private const double MuchWaiting = 0.2, ShortSeconds = 5;

    /// <summary>Tells all callbacks.</summary>
    public void Tell(string text)
    {
        foreach (var callback in callbacks)
        {
            callback.Message(text);
        }
    }

    /// <summary>Tells all callbacks, where there is something to tell.</summary>
    public void TellIfAny(string? text)
    {
        if (text is not null)
        {
            Tell(text);
        }
    }

    /// <summary>Tells which weights stay as they are.</summary>
    /// <param name="frozen">The paths of their layers.</param>
    /// <param name="networks">The networks.</param>
    /// <param name="isDrawn">Whether all weights are drawn.</param>
    public void TellFrozen(IReadOnlySet<string> frozen, IReadOnlyDictionary<string, Network> networks, bool isDrawn)
    {
        if (frozen.Count == 0)
        {
            return;
        }

        var weights = networks.Values.SelectMany(n => n.Plan().Parameters).Where(p => p.Parameter.Trainable).ToList();
        long kept = weights.Where(p => frozen.Contains(NetworkHead.LayerOf(p.Name))).Sum(p => p.Parameter.Count);
        Tell(string.Create(CultureInfo.InvariantCulture,
            $"network.freeze: {kept:N0} of {weights.Sum(p => p.Parameter.Count):N0} weights stay as they are, those of {frozen.Count:N0} layers."));
        if (isDrawn)
        {
            Tell("warning: Frozen layers have weights that were drawn and are never trained; name a model to start from in network.from.");
        }
    }

    /// <summary>Tells what was chosen where nobody set it.</summary>
    public void TellChosen(TrainingOptions asked, TrainingOptions chosen, long examples)
    {
        if (TrainingLength.Said(asked, chosen, examples) is { } said)
        {
            Tell(said);
        }
    }

    /// <summary>Tells what to do where a training often waited for its data.</summary>
    public void TellWaiting(TrainingReport report, PreparedData data)
    {
        if (WaitingText(report, data) is { } text)
        {
            Tell(text);
        }
    }

    /// <summary>What is said of a training that often waited for its data; <see langword="null"/> for others.</summary>
    internal static string? WaitingText(TrainingReport report, PreparedData data)
    {
        if (report.DataShare <= MuchWaiting || report.DataSeconds < ShortSeconds)
        {
            return null;
        }

        var remedy = data.OwnScale is not null ? "Make the next batch while one is trained with, or keep what costs time to make."
            : data.InMemory is not null && data.Streams ? "Images are decoded in every epoch: hold more of them in memory (data.memoryBudgetMB, or a "
                + "MemoryBudget), or give files that are about as small as the network takes them."
            : data.Streams ? "Rows are read anew in every epoch: hold them in memory (training.memoryBudgetMB), or let ml.Data.Cache do so."
            : "The rows are in memory, so batches and their augmentations take the time: take larger batches or fewer augmentations.";
        return string.Create(CultureInfo.InvariantCulture,
            $"warning: The training waited for data {report.DataShare:P0} of the time ({report.DataSeconds:N0} s). {remedy}");
    }

    /// <summary>Tells the order of the classes. Scores follow it, and so do weights that are given by
    /// position.</summary>
    public void TellClasses(PreparedData data)
    {
        var classes = data.Form?.Classes(data.Label) ?? [];
        if (classes.Count > 0)
        {
            string Some(IEnumerable<string> all) => $"{string.Join(", ", all.Take(ClassesShown))}{(classes.Count > ClassesShown ? ", …" : "")}";
            var rows = data.Summary.ClassCounts(classes.Count).Select(c => c.ToString("#,0.##", CultureInfo.InvariantCulture)).ToList();
            // Batches of one's own are not counted.
            var counts = rows.TrueForAll(r => r == "0") ? "" : $"; examples of each: {Some(rows)}";
            Tell(string.Create(CultureInfo.InvariantCulture, $"{classes.Count:N0} classes, in this order: {Some(classes)}{counts}"));
        }
    }

    /// <summary>Warns where all training rows are the same.</summary>
    public void WarnOfConstantRows(DataSummary summary)
    {
        if (summary.IsConstant)
        {
            Tell(summary.Count == 1
                ? "warning: There is one row to train on; nothing can be learned of how rows differ."
                : string.Create(CultureInfo.InvariantCulture,
                    $"warning: All {summary.Count:N0} rows to train on have the same features, so nothing can be learned of how they differ; look at "
                        + $"the data."));
        }
    }

    /// <summary>Tells that the model to begin with is pruned, which a training keeps.</summary>
    public void TellPruned(TrainedModel model)
    {
        if (model.Pruned.Count == 0)
        {
            return;
        }

        var names = model.Pruned.ToHashSet();
        var arrays = model.Weights.Values.SelectMany(w => w).Where(w => names.Contains(w.Name)).ToList();
        Tell(string.Create(CultureInfo.InvariantCulture, $"The model was pruned: {arrays.Sum(a => a.Data.LongCount(v => v == 0)):N0} of the "
            + $"{arrays.Sum(a => a.Data.LongLength):N0} values in {arrays.Count} of its weights are 0, and stay 0."));
    }

    /// <summary>Tells that weights of the model to begin with share values, which a training keeps.</summary>
    public void TellClustered(TrainedModel model)
    {
        if (model.Clustered.Count == 0)
        {
            return;
        }

        var names = model.Clustered.ToHashSet();
        var arrays = model.Weights.Values.SelectMany(w => w).Where(w => names.Contains(w.Name)).ToList();
        Tell(string.Create(CultureInfo.InvariantCulture, $"The model shares values: the {arrays.Sum(a => a.Data.LongLength):N0} values in "
            + $"{arrays.Count} of its weights are {arrays.Sum(a => a.Data.Distinct().Count()):N0} different ones, and those that are equal stay equal."));
    }

    /// <summary>Tells how a fit ended, unless it simply ended with its last epoch.</summary>
    public void TellEnd(TrainingReport report, TrainingOptions options)
    {
        int epochs = report.Epochs.Count;
        if (report.StoppedEarly)
        {
            Tell(string.Create(CultureInfo.InvariantCulture,
                $"Stopped early after epoch {epochs} of {options.SetEpochs}; the best by {options.Monitor} was epoch "
                    + $"{report.BestEpoch}{(report.Restored ? ", whose weights are kept" : "")}."));
        }
        else if (report.Restored)
        {
            Tell(string.Create(CultureInfo.InvariantCulture,
                $"The weights of epoch {report.BestEpoch} of {epochs} are kept, the best by {options.Monitor}."));
        }
    }

    /// <summary>Warns of settings that cost more than they gain here.</summary>
    public void WarnOf(TrainingOptions training, Device device)
    {
        if (device.type == TorchSharp.DeviceType.CPU && ProcessorFeatures.HidesCaches)
        {
            const string Machine = "This machine does not tell the caches of its processor, and libtorch's fastest convolutions are wrong "
                + "on such machines";
            Tell(NativeTuning.UsersInstructions is { } own
                ? $"warning: {Machine}; ONEDNN_MAX_CPU_ISA={own} stands. Leave it unset, or set SSE41."
                : $"{Machine}. Slower ones are used (ONEDNN_MAX_CPU_ISA=SSE41).");
        }

        if (training.Precision == Precision.BFloat16 && device.type == TorchSharp.DeviceType.CPU && ProcessorFeatures.EmulatesBFloat16)
        {
            Tell("warning: No instructions for bfloat16 (AVX512_BF16 or AMX) can be used on this machine: it is "
                + "emulated and several times slower than float32; leave training.precision at float32.");
        }
    }

    /// <summary>Warns of options that need validation data where there is none.</summary>
    public void WarnWithoutValidation(TrainingOptions training, IBatches? validation, bool own)
    {
        if (validation is not null || (training.EarlyStopping is null && !training.RestoreBestWeights))
        {
            return;
        }

        var idle = training.EarlyStopping is null ? "training.restoreBestWeights does nothing"
            : training.RestoreBestWeights ? "neither training.earlyStopping nor training.restoreBestWeights does "
                + "anything" : "training.earlyStopping does nothing";
        Tell($"warning: There is no validation data, without which {idle}; "
            + $"{(own ? "give OwnBatches.Validation" : "set training.validationFraction, or give Fit a validation set")}.");
    }

    /// <summary>Announces the training before the first step, because the first figures may be minutes away.</summary>
    public void Announce(
        Recipe recipe,
        string? stage,
        long weights,
        PreparedData data,
        BatchesOfRun batches,
        TrainingOptions options,
        StepSpec step,
        Device device)
    {
        int threads = get_num_threads();
        var place = device.type == TorchSharp.DeviceType.CPU ? $"cpu, {threads} thread{(threads == 1 ? "" : "s")}" : $"{device}";
        var held = batches.Validation is { ExampleCount: > 0 } part
            ? string.Create(CultureInfo.InvariantCulture, $", {part.ExampleCount:N0} held out for validation")
            : "";
        var examples = string.Create(CultureInfo.InvariantCulture, $"{batches.Training.ExampleCount:N0} examples "
            + $"{(data.OwnScale is not null ? "in batches of your own" : data.Streams ? "streamed" : "in memory")}{held}");
        int steps = batches.Training.BatchCount;
        var epochs = string.Create(CultureInfo.InvariantCulture, $"{options.SetEpochs:N0} epoch{(options.SetEpochs == 1 ? "" : "s")} of "
            + $"{steps:N0} step{(steps == 1 ? "" : "s")}");
        Tell(string.Create(CultureInfo.InvariantCulture, $"{(stage is null ? "" : $"{stage}: ")}{NameOf(recipe)}, {weights:N0} weights, "
            + $"on {place}; {epochs}: {examples}"));
        long all = (long)steps * options.SetEpochs;
        if (all < FewSteps && step.Epochs is null)
        {
            Tell(string.Create(CultureInfo.InvariantCulture, $"These are {all:N0} steps in all, and a network takes hundreds to learn; more epochs make more "
                + $"(training.epochs), and so do smaller batches (training.batchSize)."));
        }
    }

    /// <summary>What the model of a recipe is called.</summary>
    public static string NameOf(Recipe recipe)
    {
        if (recipe.Model?.GetType() is not { } type)
        {
            return recipe.ContinueFrom is null ? "mlp" : "the model's network";
        }

        return Catalogs.Networks.EntryOf(type)?.Name ?? type.Name;
    }
}
