using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Torch;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>What each layer of a model bears: its figures while a share of one layer alone is pruned, without training (Li et al.
/// 2016, arXiv:1608.08710, section 3.2).</summary>
/// <remarks>Channels with the lowest scores become 0, for each cell of channels that go together; and the weights of least
/// magnitude, for each kernel, matrix and table. A layer that falls early should keep more than the others.</remarks>
public sealed record LayerSensitivity
{
    /// <summary>The figures of the whole model on the same examples, such as <c>loss</c> and <c>accuracy</c>.</summary>
    public required IReadOnlyDictionary<string, double> Baseline { get; init; }

    /// <summary>How many examples the figures are of.</summary>
    public required long Examples { get; init; }

    /// <summary>Whether the examples are validation data, which the model has not learnt from as far as is known. Of a saved model
    /// all trainings must have held them out.</summary>
    public required bool IsHeldOut { get; init; }

    /// <summary>The layers: cells of channels, then weights, each in order of execution.</summary>
    public required IReadOnlyList<SensitiveLayer> Layers { get; init; }

    /// <summary>Measures a model on the validation data of a stage, or without any on its training data.</summary>
    /// <param name="context">The model, which stays as it is, and the data.</param>
    /// <param name="options">How; the defaults when <see langword="null"/>.</param>
    /// <exception cref="ArgumentException">The model has several networks or no labels, the options are out of range, or the
    /// score does not suit the model.</exception>
    public static LayerSensitivity Of(StageContext context, SensitivityOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        options ??= new();
        RecordCheck.Require(options, "options");
        if (context.Model.Networks.Count != 1)
        {
            throw new ArgumentException($"Sensitivity is measured of a model of one network, but this one has {context.Model.Networks.Count} "
                + $"({string.Join(", ", context.Model.Networks.Keys)}).");
        }

        using var trial = new NetworkTrial(context, options.Examples);
        var baseline = trial.Figures(trial.Weights);
        return new()
        {
            Baseline = baseline,
            Examples = trial.Examples,
            IsHeldOut = context.Validation is not null,
            Layers = [.. OfChannels(context, options, trial), .. OfWeights(context, options, trial)],
        };
    }

    private static IEnumerable<SensitiveLayer> OfChannels(StageContext context, SensitivityOptions options, NetworkTrial trial)
    {
        var coupling = ChannelCoupling.Of(trial.Plan);
        // Heads that only training needs are pruned by nobody.
        var scoring = trial.Plan.ForScoring().Steps.Select(s => s.Path).ToHashSet();
        var cells = coupling.Cells.Where(c => c.Layers.Any(scoring.Contains)).ToList();
        if (cells.Count == 0)
        {
            yield break;
        }

        var scores = options.By.Of(new()
        {
            Coupling = coupling,
            Cells = cells,
            Weights = trial.Weights,
            Stage = context,
        });
        var selection = new ChannelSelection { Scope = PruningScope.Layer };
        foreach (var cell in cells)
        {
            context.Message($"channels of {cell.Name}");
            var channels = Channels(coupling, cell);
            var points = options.Amounts.Order().Select(amount =>
            {
                context.Stop.ThrowIfCancellationRequested();
                var gone = selection.Choose(coupling, [cell], scores, amount);
                return new SensitivityPoint(amount, gone.Count, trial.Figures(ChannelMask.Of(coupling, trial.Weights, gone)))
                {
                    Channels = [.. channels.Index().Where(c => gone.Contains(c.Item)).Select(c => c.Index)],
                };
            }).ToList();
            yield return new(cell.Name, SensitivityKind.Channels, cell.Groups.Count, points) { Layers = cell.Layers };
        }
    }

    // The group of each channel of the cell's first layer.
    private static IReadOnlyList<int> Channels(ChannelCoupling coupling, ChannelCell cell)
    {
        var step = coupling.Plan.Steps.First(s => s.Path == cell.Name);
        return step.Outputs.Concat(step.Inputs).Select(coupling.GroupsOf).First(groups => groups.Intersect(cell.Groups).Any());
    }

    private static IEnumerable<SensitiveLayer> OfWeights(StageContext context, SensitivityOptions options, NetworkTrial trial)
    {
        foreach (var maskable in MaskableWeights.Of(trial.Plan, []).All)
        {
            context.Message($"weights of {maskable.Name}");
            var weight = trial.Weights[maskable.Name];
            var points = options.Amounts.Order().Select(amount =>
            {
                context.Stop.ThrowIfCancellationRequested();
                var (masked, gone) = Masked(weight, amount);
                return new SensitivityPoint(
                    amount, gone, trial.Figures(new(trial.Weights.Select(w => w.Name == weight.Name ? weight with { Data = masked } : w))));
            }).ToList();
            yield return new(maskable.Name, SensitivityKind.Weights, maskable.Count, points)
            {
                Layers = maskable.Layers,
                Histogram = WeightHistogram.Of(weight.Data),
            };
        }
    }

    private static (float[] Data, long Gone) Masked(WeightArray weight, double amount)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var mask = MaskChoice.Layer(tensor(weight.Data).abs(), amount).data<float>().ToArray();
        return ([.. weight.Data.Zip(mask, (value, stays) => stays == 0 ? 0 : value)], mask.LongCount(stays => stays == 0));
    }
}
