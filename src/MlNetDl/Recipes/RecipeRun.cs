using MlNetDl.Analysis;
using MlNetDl.Compression;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Generative;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Tasks;
using MlNetDl.Torch;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Recipes;

/// <summary>One run of a recipe on prepared data: build, try out, stages in order, pack.</summary>
internal sealed class RecipeRun(Recipe recipe, PreparedData data)
{
    private readonly TrainingOptions training = data.Options;
    private readonly RecipeMessages messages = new(recipe.Callbacks);

    public RecipeResult Run()
    {
        foreach (var note in data.Notes)
        {
            messages.Tell(note);
        }

        StageOrder.Check(training.Stages, recipe.ContinueFrom is not null);
        using var session = TorchSession.Enter(training.SeedOrDefault, training.Threads, recipe.Stop);
        var device = TorchSession.Device(training.Device);
        messages.WarnOf(training, device);
        if (training.Augmentations.Count > 0 && data.Shape.Rank != 4)
        {
            throw new ArgumentException("training.augmentations change images [N, C, H, W], but the features are "
                + (data.Parts.Count > 0 ? "those of several columns; leave them out." : $"{data.Shape}; leave them out, or say how the vector is an image: "
                    + "by the InputShape of the trainer's options, or the shape of Examples."));
        }

        var previous = PreviousModel.Of(recipe, data);
        var spec = recipe.Model ?? previous?.Model ?? new Mlp();
        SeveralInputs.Check(recipe, spec, data);
        var context = Context(spec, previous);
        var weights = new StartWeights(recipe, spec, context, previous);
        var networks = weights.Networks;
        var start = new TrainedModel(networks, weights.Draw(device))
        {
            Pruned = previous?.Pruned ?? [],
            Clustered = previous?.Clustered ?? [],
        };
        messages.TellIfAny(weights.Said(continues: recipe.ContinueFrom is not null));
        var frozen = spec is NetworkSpec { Freeze.Count: > 0 } freezing
            ? NetworkHead.Frozen(freezing, context, networks[NetworkSpec.NetworkName])
            : new HashSet<string>();
        CheckFrozen(frozen);
        messages.TellFrozen(frozen, networks, isDrawn: previous is null);
        messages.TellPruned(start);
        if (previous?.Quantization is { } quantized)
        {
            messages.Tell($"{previous.Subject} is quantised ({quantized.Words}); its float weights are taken, which score otherwise.");
        }

        messages.TellClustered(start);
        var draft = TriedDraft(spec, context, start);

        using var batches = new BatchesOfRun(data, context.Scale, device);
        messages.WarnWithoutValidation(training, batches.Validation, data.OwnScale is not null);
        CheckFirst(batches);
        messages.TellClasses(data);
        messages.WarnOfConstantRows(data.Summary);
        if (recipe.ContinueFrom is null)
        {
            (spec as LatentModel)?.MustReachPeak(data.Shape, data.Summary.Greatest);
        }

        var fits = new RecipeFits(recipe, data, spec, context, batches, device, messages, previous?.Identity, frozen, model =>
            TriedDraft(spec, context, model));
        var trained = fits.Run(start);
        if (data.Task is AnomalyDetection anomalies)
        {
            (draft, trained) = WithThreshold(anomalies, spec, context, trained, batches, device);
        }
        else if (!ReferenceEquals(trained.Networks, networks))
        {
            draft = TriedDraft(spec, context, trained);
        }

        return new(draft.Package(trained, [.. recipe.ContinueFrom?.Manifest.Trainings ?? [], .. fits.Summaries]), fits.Reports);
    }

    // Behind all stages: the threshold is one of the scores of the model that is saved.
    private (ModelDraft Draft, TrainedModel Trained) WithThreshold(
        AnomalyDetection task, ModelSpec spec, ModelContext context, TrainedModel trained, BatchesOfRun batches, Device device)
    {
        var rows = new AnomalyThreshold(task.FalseAlarms, batches, messages.Tell, recipe.Stop);
        if (spec is LatentModel { Likelihood.NeedsErrorVariance: true } model)
        {
            using var network = LoadedNetworks.Of(trained, device).Values.Single();
            context = context with { ErrorVariance = LatentErrors.MeanSquare(network, model, rows.Rows, recipe.Stop) };
        }

        var report = rows.Choose(TriedDraft(spec, context, trained).Main(trained));
        report = report with { ErrorVariance = spec is LatentModel { Likelihood.NeedsErrorVariance: true } ? context.ErrorVariance : null };
        var assets = new Dictionary<string, byte[]>(trained.Assets) { [AnomalyReport.Asset] = report.ToJson() };
        return (TriedDraft(spec, context with { Threshold = report.Threshold }, trained), trained with { Assets = assets });
    }

    private ModelDraft TriedDraft(ModelSpec spec, ModelContext context, TrainedModel model)
    {
        if (spec is NetworkSpec)
        {
            CheckOutput(model.Networks[NetworkSpec.NetworkName], context.Outputs);
        }

        foreach (var network in model.Networks.Values)
        {
            CheckTokens(network.Plan());
        }

        var draft = new ModelDraft(recipe, spec, context, model.Networks, data.FeatureNames, data.Parts);
        draft.TryOut(model.Weights, data.Summary);
        return draft;
    }

    private ModelContext Context(ModelSpec spec, PreviousModel? previous)
    {
        var scale = data.OwnScale is { } own ? Own(own, previous)
            : data.Task is { StandardizesTargets: true } task ? (previous is { HasNewHead: false } ? previous.Scale : null) ?? ScaleOf(task)
            : TargetScale.None;
        return new()
        {
            Input = data.Shape,
            Inputs = [.. data.Parts.Select(p => new NetworkInput(p.Name, p.Shape))],
            InputPreprocessing = SeveralInputs.Preprocessing(recipe.Standardize, data),
            Task = data.Task,
            Label = data.Label with { YesNoNames = data.Label.YesNoNames ?? (recipe.NewHead ? null : recipe.ContinueFrom?.Manifest.Label.YesNoNames) },
            Scale = scale,
            Preprocessing = data.Parts.Count > 0 ? [] : previous?.Preprocessing(recipe.Standardize) ?? Preprocessing(spec),
        };
    }

    // Such a stage changes, or draws, weights that no fit behind it may mend.
    private void CheckFrozen(IReadOnlySet<string> frozen)
    {
        if (frozen.Count > 0 && training.Stages.FirstOrDefault(s => s is not (Fit or Distilled) && !s.IsLast) is { } stage)
        {
            throw new ArgumentException($"network.freeze keeps weights as they are, and the stage '{StageOrder.NameOf(stage)}' changes them. Let it work "
                + "on the saved model (mldl compress, or ContinueFrom), or leave freeze out.");
        }
    }

    // The first batch of each part is checked here. Otherwise wrong validation batches would be refused only after an
    // epoch.
    private void CheckFirst(BatchesOfRun batches)
    {
        if (data.OwnScale is null)
        {
            return;
        }

        foreach (var (part, name) in new[] { (batches.Training, "training"), (batches.Validation, "validation") })
        {
            using var scope = NewDisposeScope();
            using var epoch = (part?.Epoch(0) ?? []).GetEnumerator();
            if (part is not null
                && epoch.MoveNext()
                && epoch.Current is { } first
                && !(first.Inputs.Count > 0 && data.Shape.Takes(first.Inputs[0])))
            {
                var inputs = string.Join(", ", first.Inputs.Select(i => $"{i.dtype}[{string.Join(", ", i.shape)}]"));
                throw new ArgumentException($"The first batch for {name} has the inputs {inputs}; "
                    + $"OwnBatches.Shape says that its first one is {data.Shape}.");
            }
        }
    }

    private TargetScale ScaleOf(LearningTask task)
    {
        if (data.Summary.TargetMean.Count == 0)
        {
            throw new ArgumentException($"{task.GetType().Name} standardises targets, but its label has no float32 "
                + $"target named '{Batch.DefaultTarget}'; give it one (LabelForm.Targets), or let "
                + "StandardizesTargets be false.");
        }

        return new(data.Summary.TargetMean, data.Summary.TargetStandardDeviation);
    }

    private static TargetScale Own(TargetScale own, PreviousModel? previous)
    {
        if (previous is { HasNewHead: false } && (previous.Scale ?? TargetScale.None) != own)
        {
            throw new ArgumentException("The model to continue from was trained on targets of "
                + $"{previous.Scale ?? TargetScale.None}, your batches have targets of {own}; bring them to that scale "
                + "(TargetScale.Standardize), and say so in OwnBatches.Scale.");
        }

        return own;
    }

    private ValueList<Layer> Preprocessing(ModelSpec spec) =>
        recipe.Standardize
            ?? (spec.StandardizesFeatures && !data.IsNormalized && data.OwnScale is null && data.Shape.Type == ElementType.Float32)
            ? [PreviousModel.Standardization(data.Summary.Mean, data.Summary.StandardDeviation)]
            : [];

    private void CheckTokens(Plan plan)
    {
        for (int i = 0; i < Math.Max(1, data.Parts.Count); i++)
        {
            CheckTokens(
                plan,
                i,
                data.Parts.Count == 0 ? data.Shape : data.Parts[i].Shape,
                data.Parts.Count == 0 ? data.Tokens : data.Parts[i].Tokens,
                data.Parts.Count == 0 ? data.Summary : data.Summary.Of(data.Parts[i].Name)!);
        }
    }

    // Training would find such a token only when its batch comes, which may be in the last epoch. A network with
    // another input may look up something else, so it is not checked.
    private void CheckTokens(Plan plan, int input, Shape shape, TokenKind tokens, DataSummary summary)
    {
        foreach (var step in plan.Network.Inputs.Count > input && plan.Network.Inputs[input].Shape == shape ? plan.Steps : [])
        {
            var (least, greatest) = (summary.LeastToken, summary.GreatestToken);
            if (step.Leaf is Embedding { Tokens: <= byte.MaxValue + 1 } small && step.Inputs[0] == input && tokens == TokenKind.Text)
            {
                messages.Tell($"warning: {step.Path} has rows for the tokens 0 to {small.Tokens - 1}, but "
                    + "text has tokens up to 256 (its UTF-8 bytes plus 1); a model of it refuses text with "
                    + "others. Let Tokens be 257.");
            }

            if (step.Leaf is Embedding table && step.Inputs[0] == input && (least < 0 || greatest >= table.Tokens))
            {
                throw new ArgumentException($"{step.Path}: {table.Beyond(least < 0 ? least : greatest)}");
            }
        }
    }

    private static void CheckOutput(Network network, int outputs)
    {
        var output = network.Plan().Outputs[0].Shape;
        if (output.Rank != 2 || output[1].Size != outputs)
        {
            throw new ShapeException($"the network ends in {output}, but the label needs [N, {outputs}]; let its last "
                + $"layer have {outputs} outputs.")
                .At("");
        }
    }
}

/// <summary>The batches of a run's two parts, freed with it.</summary>
internal sealed class BatchesOfRun : IDisposable
{
    public BatchesOfRun(PreparedData data, TargetScale scale, Device device)
    {
        Training = data.Training(scale, device)!;
        try
        {
            Validation = data.Validation(scale, device);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public IBatches Training { get; }

    public IBatches? Validation { get; }

    public void Dispose()
    {
        (Training as IDisposable)?.Dispose();
        (Validation as IDisposable)?.Dispose();
    }
}
