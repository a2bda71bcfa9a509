using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Torch;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>The share of a channel's values behind its ReLU that are <b>not</b> 0, over some training examples. The channels
/// with the most zeros have the lowest scores, so they go first.</summary>
/// <remarks>
/// The paper counts the zeros: APoZ, the average percentage of zeros (Hu et al. 2016, arXiv:1607.03250, eq. 1). The score
/// is 1 − APoZ. A channel that passes several ReLUs has the mean over them.
/// <para>Each cell needs a <see cref="ReLU"/> behind it; other activations are 0 nowhere. Name layers without one under
/// <c>keep</c>.</para>
/// </remarks>
public sealed record ActivationZeros : ChannelScore
{
    private const string Missing = "has no ReLU behind, whose zeros activationZeros counts; take another score, or name the layer under keep.";

    /// <summary>How many training examples are looked at, rounded up to whole batches; 512 by default.</summary>
    [AtLeast(1)]
    public int Examples { get; init; } = 512;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<int, double> Of(ChannelScoring scoring)
    {
        ArgumentNullException.ThrowIfNull(scoring);
        var stage = DataPasses.StageOf(scoring, "activationZeros");
        var mean = new GroupMean(scoring);
        var watch = new Watch(scoring.Coupling, mean);
        DataPasses.Run(stage, scoring.Coupling.Plan, scoring.Weights, Examples, (network, batch) =>
        {
            using var none = no_grad();
            network.Hook = watch;
            network.Forward(batch.Inputs);
        });
        mean.RequireAll(Missing);
        return mean.Result;
    }

    /// <inheritdoc/>
    public override void Check(ChannelScoring scoring)
    {
        ArgumentNullException.ThrowIfNull(scoring);
        DataPasses.StageOf(scoring, "activationZeros");
        ForwardHooks.Require(scoring.Coupling.Plan, "activationZeros", "take another score, such as l1Norm.");
        GroupMean.RequireAll(scoring, new Watch(scoring.Coupling, new(scoring)).Groups, Missing);
    }

    // Sees each output of a ReLU where it is first read.
    private sealed class Watch : IForwardHook
    {
        private readonly Dictionary<(string Path, int Index), IReadOnlyList<int>> seen = [];
        private readonly GroupMean mean;

        public Watch(ChannelCoupling coupling, GroupMean mean)
        {
            this.mean = mean;
            var made = coupling.Plan.Steps.Where(s => s.Leaf is ReLU).Select(s => s.Output).ToHashSet();
            foreach (var step in coupling.Plan.ForScoring().Steps)
            {
                foreach (var (index, slot) in step.Inputs.Index())
                {
                    if (made.Remove(slot))
                    {
                        seen[(step.Path, index)] = coupling.GroupsOf(slot);
                    }
                }
            }
        }

        /// <summary>The groups that are seen.</summary>
        public IEnumerable<int> Groups => seen.Values.SelectMany(g => g);

        public Tensor Input(PlanStep step, int index, Tensor value)
        {
            if (seen.TryGetValue((step.Path, index), out var groups))
            {
                using var scope = NewDisposeScope();
                int channel = value.dim() == 3 ? 2 : 1;
                var shares = value.Ne(0).to(ScalarType.Float32).transpose(0, channel).reshape(value.shape[channel], -1).mean([1]);
                foreach (var (group, share) in groups.Zip(shares.cpu().data<float>().ToArray()))
                {
                    mean.Add(group, share);
                }
            }

            return value;
        }

        public Tensor Weight(PlanStep step, string parameter, Tensor stored) => stored;
    }
}
