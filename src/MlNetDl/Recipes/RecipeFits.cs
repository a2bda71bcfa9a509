using System.Globalization;
using MlNetDl.Analysis;
using MlNetDl.Compression;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Onnx;
using MlNetDl.Torch;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Recipes;

/// <summary>Runs the stages of a recipe; each training in them has a checkpoint, a report and a summary
/// of its own.</summary>
internal sealed class RecipeFits(
    Recipe recipe,
    PreparedData data,
    ModelSpec spec,
    ModelContext context,
    BatchesOfRun batches,
    Device device,
    RecipeMessages messages,
    string? previous,
    IReadOnlySet<string> frozen,
    Action<TrainedModel> tryOut)
{
    private readonly TrainingOptions training = data.Options;
    private readonly FitFingerprint fingerprints = new(recipe, data, spec, context, previous, frozen);
    private readonly List<TrainingReport> reports = [];
    private readonly List<TrainingSummary> summaries = [];
    private IReadOnlyDictionary<string, Network>? tried;
    private TrainedModel? judged;
    private StageMemory memory = null!;

    /// <summary>How each fit went.</summary>
    public IReadOnlyList<TrainingReport> Reports => reports;

    /// <summary>The summaries of the fits, for the saved model.</summary>
    public IReadOnlyList<TrainingSummary> Summaries => summaries;

    /// <summary>Runs all stages, or one fit where there are no stages.</summary>
    /// <param name="model">The model to begin with. Its scoring graphs have been tried.</param>
    public TrainedModel Run(TrainedModel model)
    {
        string? changed = null;
        tried = model.Networks;
        memory = new(recipe, fingerprints, model);
        IReadOnlyList<Stage> stages = training.Stages.Count > 0 ? training.Stages : [new Fit()];
        // All stages are asked before the first step. If a late stage names a missing file, no training is lost.
        var identities = stages.Select(FitFingerprint.Identity).ToList();
        for (int i = 0; i < stages.Count; i++)
        {
            stages[i].Check(Context(model, i, "", NoFit));
        }

        for (int i = 0; i < stages.Count; i++)
        {
            IReadOnlyList<FitHook> hooks = [.. stages.Skip(i + 1).TakeWhile(s => s is FitHook).Cast<FitHook>()];
            var identity = string.Join(' ', identities.Take(i + 1 + hooks.Count));
            var name = training.Stages.Count > 0 ? StageOrder.NameOf(stages[i]) : null;
            int before = reports.Count;
            int number = i;
            memory.Seed(number, before, "");
            memory.Current = model;
            var stageContext = Context(model, i, identity, (m, options, own) => Fit(m, options, own, hooks, number, name, identity));
            var left = StageOutput.Checked(StageOrder.NameOf(stages[i]), stages[i].Run(stageContext));
            (changed, model) = (ReferenceEquals(left, model) ? changed : StageOrder.NameOf(stages[i]), left);
            if (stages[i] is not FitHook && hooks.Count > 0 && reports.Count == before)
            {
                messages.Tell($"warning: {string.Join(", ", hooks.Select(StageOrder.NameOf))} did nothing, as the stage '{name}' before it does not train.");
            }
        }

        if (changed is not null && !ReferenceEquals(model, judged))
        {
            Judge(model, changed);
        }

        return model;
    }

    // Where a stage changed the model behind the last training, its figures are of other weights.
    private void Judge(TrainedModel model, string stage)
    {
        var networks = LoadedNetworks.Of(model, device);
        // What is judged is what is saved, rounded numbers and all.
        if (model.Passes.OfType<ISimulatedPass>().LastOrDefault() is { } pass)
        {
            foreach (var (name, network) in networks)
            {
                network.Hook = pass.Simulation(network.Plan, model.Weights[name]);
            }
        }

        using var step = Start(model, networks, training, [], [], 0, "");
        // What a step draws to judge follows from the seed, whatever was drawn before.
        TorchSharp.torch.manual_seed(SeededOrder.StepSeed(training.SeedOrDefault, ~0));
        networks.Values.ToList().ForEach(n => n.SetTraining(false));
        summaries.Add(new()
        {
            Stage = stage,
            Examples = data.Summary.Count,
            Training = step.Evaluate(Cancellable(batches.Training)),
            Validation = batches.Validation is { } validation ? step.Evaluate(Cancellable(validation)) : new Dictionary<string, double>(),
            Options = RecordJson.ToElement(training),
        });
    }

    private IEnumerable<Batch> Cancellable(IBatches judging)
    {
        foreach (var batch in judging.Epoch(0))
        {
            recipe.Stop.ThrowIfCancellationRequested();
            yield return batch;
        }
    }

    private IReadOnlyList<double> ClassCounts =>
        data.OwnScale is not null ? [] : data.Summary.ClassCounts(data.Form?.Classes(data.Label).Count ?? 0);

    private StageContext Context(
        TrainedModel model,
        int stage,
        string identity,
        Func<TrainedModel, TrainingOptions, IReadOnlyList<StepHook>, TrainedModel> trains) => new()
        {
            Model = model,
            Options = training,
            Data = batches.Training,
            Validation = batches.Validation,
            Task = data.Task is { LearnsFromLabels: true } task ? task : null,
            Label = data.Label,
            FeatureNames = data.FeatureNames,
            ClassCounts = ClassCounts,
            Scale = context.Scale,
            Message = messages.Tell,
            Stop = recipe.Stop,
            Remembers = memory.Of(stage, reports.Count, identity),
            Trains = trains,
        };

    private TrainedModel Fit(
        TrainedModel model,
        TrainingOptions options,
        IReadOnlyList<StepHook> own,
        IReadOnlyList<FitHook> following,
        int number,
        string? stage,
        string identity)
    {
        var asked = StepEpochs.Of(options, options.Step ?? spec.Step, RecipeMessages.NameOf(recipe));
        options = TrainingLength.WithEpochs(asked, batches.Training.BatchCount);
        var hooks = new List<StepHook>(own);
        var networks = Tried(model, options, hooks);
        if (KeptZeros.Of(model) is { } zeros)
        {
            hooks.Add(zeros);
        }

        using var step = Start(model, networks, options, hooks, following, number, identity);
        var (path, fingerprint) = (
            CheckpointPath(reports.Count),
            fingerprints.Of(model, options, stage, identity, isFirst: reports.Count == 0));
        BeginAnewWhereTheStartChanged(path, fingerprint);
        messages.TellChosen(asked with { BatchSize = data.OwnScale is null ? recipe.Training.BatchSize : 1 }, options, data.Summary.Count);
        messages.Announce(recipe, stage, networks.Values.Sum(n => n.Plan.ParameterCount), data, batches, options, options.Step ?? spec.Step, device);
        var trainer = new Trainer(options, recipe.Callbacks)
        {
            CheckpointPath = path,
            Fingerprint = fingerprint,
            StartCheckpoint = recipe.StartCheckpoint,
        };
        var report = trainer.Fit(step, batches.Training, batches.Validation, recipe.Stop);
        messages.TellEnd(report, options);
        messages.TellWaiting(report, data);
        reports.Add(report);
        summaries.Add(Summary(report, options, stage));
        var trained = model with { Weights = networks.ToDictionary(n => n.Key, n => StageOutput.Finite(n.Value.ReadWeights())) };
        trained = StageOutput.Checked(step.GetType().Name, step.Finished(trained));
        for (int i = 0; i < hooks.Count; i++)
        {
            memory.Current = trained;
            memory.Seed(number, reports.Count, string.Create(CultureInfo.InvariantCulture, $"hook {i}"));
            trained = StageOutput.Checked(hooks[i].GetType().DeclaringType?.Name ?? hooks[i].GetType().Name, hooks[i].Finished(trained));
        }

        memory.Current = trained;
        memory.Seed(number, reports.Count, "");
        judged = trained;
        return trained;
    }

    private Dictionary<string, TorchNetwork> Tried(TrainedModel model, TrainingOptions options, List<StepHook> hooks)
    {
        try
        {
            RecordCheck.Require(options, "training");
            TryOutOnce(model);
            return LoadedNetworks.Of(model, device, frozen);
        }
        catch
        {
            hooks.ForEach(h => h.Dispose());
            throw;
        }
    }

    // A step that fails to start frees the hooks that it was given.
    private TrainingStep Start(
        TrainedModel model, Dictionary<string, TorchNetwork> networks, TrainingOptions options, List<StepHook> hooks,
        IReadOnlyList<FitHook> following, int number, string identity)
    {
        try
        {
            for (int i = 0; i < following.Count; i++)
            {
                hooks.Add(following[i].Start(Context(model, number + 1 + i, identity, NoFit)));
            }

            // Last, as all other hooks may move weights too.
            if (KeptClusters.Of(model) is { } clusters)
            {
                hooks.Add(clusters);
            }

            return (options.Step ?? spec.Step).Start(new()
            {
                Networks = networks,
                Options = options,
                Task = data.Task,
                Label = data.Label,
                ClassCounts = ClassCounts,
                Scale = context.Scale,
                Hooks = hooks,
            });
        }
        catch
        {
            hooks.ForEach(h => h.Dispose());
            networks.Values.ToList().ForEach(n => n.Dispose());
            throw;
        }
    }

    // A stage may have changed the trees into something that cannot be scored. Trying them now saves the training that
    // would be lost.
    private void TryOutOnce(TrainedModel model)
    {
        if (ReferenceEquals(model.Networks, tried))
        {
            return;
        }

        tryOut(model);
        tried = model.Networks;
    }

    private string? CheckpointPath(int fits) => recipe.CheckpointPath is null || fits == 0 ? recipe.CheckpointPath
        : string.Create(CultureInfo.InvariantCulture, $"{recipe.CheckpointPath}.{fits + 1}");

    // An earlier fit that was continued with more epochs leaves other weights. The checkpoint of a later fit is then of
    // no use, and its training can be repeated.
    private void BeginAnewWhereTheStartChanged(string? path, string fingerprint)
    {
        if (reports.Count == 0 || path is null || Checkpoint.FingerprintOf(path) is not { } found || found == fingerprint)
        {
            return;
        }

        if (FitFingerprint.DifferOnlyByStart(found, fingerprint))
        {
            messages.Tell($"Fit {reports.Count + 1} begins anew: the stages before it left other weights than those "
                + $"that its checkpoint '{path}' began with.");
            File.Delete(path);
        }
    }

    private TrainingSummary Summary(TrainingReport report, TrainingOptions options, string? stage)
    {
        var kept = report.Epochs[(report.Restored ? report.BestEpoch : report.Epochs.Count) - 1];
        return new()
        {
            Stage = stage,
            Epochs = report.Epochs.Count,
            BestEpoch = report.BestEpoch,
            Restored = report.Restored,
            StoppedEarly = report.StoppedEarly,
            Examples = data.Summary.Count,
            Training = kept.Training,
            Validation = kept.Validation,
            Options = RecordJson.ToElement(options),
        };
    }

    private static TrainedModel NoFit(TrainedModel model, TrainingOptions options, IReadOnlyList<StepHook> hooks) =>
        throw new InvalidOperationException("A stage trains in Run only, and not while it is checked or, as a hook, started.");
}
