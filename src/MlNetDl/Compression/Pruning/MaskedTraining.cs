using MlNetDl.Analysis;
using MlNetDl.Torch;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>Masks more and more weights while the network trains; with <see cref="NetworkSurgery"/> they may come
/// back.</summary>
/// <remarks>Masks, gathered scores and, in surgery, the unseen values of masked weights are in checkpoints. An epoch before
/// the last change of masks is never the best, because its weights are not as sparse as asked for.</remarks>
internal sealed class MaskedTraining(MaskRule rule, MaskableWeights weights, PruningSchedule schedule, double amount, int seed)
    : StepHook, IForwardHook
{
    private readonly Dictionary<string, Masked> masked = [];
    private readonly Generator random = new((ulong)seed);
    private readonly (double Until, int Every) pace = schedule switch
    {
        Agp agp => (agp.Until, agp.Every),
        NetworkSurgery surgery => (surgery.Until, surgery.Every),
        _ => throw new NotSupportedException($"{schedule.GetType().Name} does not say how masks change while a training runs."),
    };

    private TorchNetwork? network;

    private NetworkSurgery? Surgery => schedule as NetworkSurgery;

    public override IEnumerable<(string Name, Tensor Tensor)> State => masked.SelectMany(m => m.Value.Gathered is { } gathered
        ? [($"mask/{m.Key}", m.Value.Mask), ($"score/{m.Key}", gathered)]
        : new[] { ($"mask/{m.Key}", m.Value.Mask) });

    public override bool DependsOnLength => true;

    public override void Start(TorchNetwork network, TrainingOptions options)
    {
        using var none = no_grad();
        foreach (var (weight, tensor) in weights.In(network))
        {
            masked.Add(weight.Name, new(
                tensor,
                ones_like(tensor).detach().DetachFromDisposeScope(),
                rule.By.IsGathered ? zeros_like(tensor).detach().DetachFromDisposeScope() : null));
        }

        if (Surgery is null)
        {
            return;
        }

        if (network.Hook is { } other)
        {
            throw new ArgumentException($"Network surgery shows the network masked weights, but {other.GetType().Name} replaces weights too; "
                + "only one of them can. Take another schedule, such as agp.");
        }

        (this.network, network.Hook) = (network, this);
    }

    public override void GradientsReady(StepPosition at)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (weight, mask, gathered) in masked.Values)
        {
            if (weight.grad is not { } gradient)
            {
                continue;
            }

            gathered?.add_(rule.By.Gather(weight, gradient));
            if (Surgery is null || IsSettled(at))
            {
                gradient.mul_(mask);
            }
        }
    }

    public override void Moved(StepPosition at)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        long done = at.Step + 1, end = End(at);
        if (done == end || (done < end && done % pace.Every == 0))
        {
            Change(schedule.Share(amount, (double)done / end), isLast: done == end);
        }

        if (Surgery is null || done >= end)
        {
            foreach (var (weight, mask, _) in masked.Values)
            {
                weight.mul_(mask);
            }
        }
    }

    public override bool MayBeBest(StepPosition at) => IsSettled(at);

    public override TrainedModel Finished(TrainedModel model) => model with { Pruned = [.. model.Pruned.Union(masked.Keys)] };

    Tensor IForwardHook.Input(PlanStep step, int index, Tensor value) => value;

    // The gradient passes straight through, so that unseen weights go on training (the paper's eq. 3).
    Tensor IForwardHook.Weight(PlanStep step, string parameter, Tensor stored) =>
        masked.TryGetValue($"{step.WeightsName}.{parameter}", out var found)
            ? stored + ((stored * found.Mask) - stored).detach()
            : stored;

    protected override void Dispose(bool disposing)
    {
        network?.Hook = null;
        random.Dispose();
        foreach (var (_, mask, gathered) in masked.Values)
        {
            mask.Dispose();
            gathered?.Dispose();
        }

        base.Dispose(disposing);
    }

    private long End(StepPosition at) => Math.Max(1, (long)Math.Ceiling(pace.Until * at.Steps));

    private bool IsSettled(StepPosition at) => at.Step + 1 >= End(at);

    private void Change(double share, bool isLast)
    {
        var all = masked.Values.ToList();
        if (Surgery is { } surgery && !isLast)
        {
            foreach (var (entry, threshold) in all.Zip(rule.Thresholds([.. all.Select(m => m.Weight.abs())], share)))
            {
                var size = entry.Weight.abs();
                var stays = size.gt(threshold * (1 + surgery.Hysteresis));
                var unchanged = size.gt(threshold * (1 - surgery.Hysteresis)).logical_and(entry.Mask.ne(0));
                entry.Mask.copy_(stays.logical_or(unchanged));
            }

            return;
        }

        // Without surgery, what is masked already stays masked: it scores below everything.
        var scores = all.Select(m =>
        {
            var score = rule.By.Of(m.Weight, m.Gathered, random);
            return Surgery is null ? score.masked_fill(m.Mask.eq(0), float.NegativeInfinity) : score;
        }).ToList();
        foreach (var (entry, mask) in all.Zip(rule.Masks(scores, share)))
        {
            entry.Mask.copy_(mask);
        }
    }

    private sealed record Masked(Tensor Weight, Tensor Mask, Tensor? Gathered);
}
