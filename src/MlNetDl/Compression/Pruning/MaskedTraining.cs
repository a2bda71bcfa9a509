using MlNetDl.Analysis;
using MlNetDl.Torch;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>Masks more and more weights while the network trains; with <see cref="NetworkSurgery"/> they may come
/// back.</summary>
/// <remarks>Masks, gathered scores and, in surgery, the unseen values of masked weights are in checkpoints. An epoch before
/// the last change of masks is never the best, because its weights are not as sparse as asked for.</remarks>
internal sealed class MaskedTraining(
    MaskRule rule, MaskableWeights weights, ContinuousPruning schedule, double amount, int seed, IReadOnlyCollection<string> already)
    : StepHook, IForwardHook
{
    private readonly Dictionary<string, Masked> masked = [];
    private readonly Tensor settled = zeros(1).DetachFromDisposeScope();
    private TorchNetwork? network;

    private NetworkSurgery? Surgery => schedule as NetworkSurgery;

    public override IEnumerable<(string Name, Tensor Tensor)> State => masked.SelectMany(m => m.Value.Gathered is { } gathered
        ? [($"mask/{m.Key}", m.Value.Mask), ($"score/{m.Key}", gathered)]
        : new[] { ($"mask/{m.Key}", m.Value.Mask) }).Append(("settled", settled));

    public override bool DependsOnLength => true;

    public override void Start(TorchNetwork network, TrainingOptions options)
    {
        using var none = no_grad();
        foreach (var (weight, tensor) in weights.In(network))
        {
            // What an earlier stage has pruned stays pruned.
            using var first = already.Contains(weight.Name) ? tensor.Ne(0).to(tensor.dtype) : ones_like(tensor);
            masked.Add(weight.Name, new(
                tensor,
                first.detach().clone().DetachFromDisposeScope(),
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

            gathered?.AddInPlace(rule.By.Gather(weight, gradient));
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
        long every = Math.Clamp(end / 10, 1, schedule.Every);
        if (done == end || (done < end && done % every == 0))
        {
            Change(schedule.Share(amount, (double)done / end), at.Step, isLast: done == end);
        }

        if (Surgery is null || done >= end)
        {
            // Not by a product: a negative weight times 0 is minus zero, which is stored like any other value.
            foreach (var (weight, mask, _) in masked.Values)
            {
                weight.MaskedFillInPlace(mask.Eq(0), 0);
            }
        }
    }

    public override bool MayBeBest(StepPosition at) => IsSettled(at);

    /// <exception cref="InvalidOperationException">The training was ended before its masks were settled.</exception>
    public override TrainedModel Finished(TrainedModel model) => settled.item<float>() != 0
        ? model with { Pruned = [.. model.Pruned.Union(masked.Keys)] }
        : throw new InvalidOperationException("The training that prunes weights was ended before its masks were settled, so its weights are not "
            + "as sparse as asked for; no model is made of them. Let it train longer, or lower the schedule's 'until'.");

    Tensor IForwardHook.Input(PlanStep step, int index, Tensor value) => value;

    // The gradient passes straight through, so that unseen weights go on training (the paper's eq. 3).
    Tensor IForwardHook.Weight(PlanStep step, string parameter, Tensor stored) =>
        masked.TryGetValue($"{step.WeightsName}.{parameter}", out var found)
            ? stored.Add(((stored * found.Mask) - stored).detach())
            : stored;

    protected override void Dispose(bool disposing)
    {
        network?.Hook = null;
        settled.Dispose();
        foreach (var (_, mask, gathered) in masked.Values)
        {
            mask.Dispose();
            gathered?.Dispose();
        }

        base.Dispose(disposing);
    }

    private long End(StepPosition at) => Math.Max(1, (long)Math.Ceiling(schedule.Until * at.Steps));

    private bool IsSettled(StepPosition at) => at.Step + 1 >= End(at);

    private void Change(double share, long step, bool isLast)
    {
        settled.FillInPlace(isLast ? 1 : 0);
        // By seed and step, so that an interrupted training draws the same.
        using var random = new Generator(unchecked((ulong)(seed + (step * 1_000_003))));
        var all = masked.Values.ToList();
        if (Surgery is { } surgery && !isLast)
        {
            foreach (var (entry, threshold) in all.Zip(rule.Thresholds([.. all.Select(m => m.Weight.abs())], share)))
            {
                var size = entry.Weight.abs();
                var stays = size.gt(threshold.Mul(1 + surgery.Hysteresis));
                var unchanged = size.gt(threshold.Mul(1 - surgery.Hysteresis)).logical_and(entry.Mask.Ne(0));
                entry.Mask.copy_(stays.logical_or(unchanged));
            }

            return;
        }

        // Without surgery, what is masked already stays masked: it scores below everything.
        var scores = all.Select(m =>
        {
            var score = rule.By.Of(m.Weight, m.Gathered, random);
            return Surgery is null ? score.MaskedFill(m.Mask.Eq(0), float.NegativeInfinity) : score;
        }).ToList();
        foreach (var (entry, mask) in all.Zip(rule.Masks(scores, share)))
        {
            // Early on the share may be below what an earlier stage has pruned.
            entry.Mask.copy_(Surgery is null ? mask * entry.Mask : mask);
        }
    }

    private sealed record Masked(Tensor Weight, Tensor Mask, Tensor? Gathered);
}
