using MlNetDl.Analysis;
using MlNetDl.Configuration;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>The squared change of the loss, to first order, if all that makes a channel were 0: (Σ gradient · weight)², the
/// mean over some training batches (Molchanov et al. 2019, arXiv:1906.10771).</summary>
/// <remarks>The sum is over kernels, biases, scales and shifts of the channel in all layers that make it. It needs labels.
/// The network computes as it scores: by running statistics, without dropout.</remarks>
public sealed record Taylor : ChannelScore
{
    /// <summary>How many training examples are looked at, rounded up to whole batches; 512 by default.</summary>
    [AtLeast(1)]
    public int Examples { get; init; } = 512;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<int, double> Of(ChannelScoring scoring)
    {
        ArgumentNullException.ThrowIfNull(scoring);
        var stage = DataPasses.StageOf(scoring, "taylor");
        var mean = new GroupMean(scoring);
        DataPasses.Run(stage, scoring.Coupling.Plan, scoring.Weights, Examples, (network, batch) =>
        {
            using var on = enable_grad();
            var trained = network.Tensors.Where(t => t.Trainable).ToDictionary(t => t.Name, t => t.Tensor);
            foreach (var tensor in trained.Values)
            {
                tensor.grad = null;
            }

            DataPasses.Loss(stage, network, batch, "taylor").backward();
            using var off = no_grad();
            var changes = scoring.Groups.ToDictionary(g => g, _ => 0.0);
            foreach (var axis in scoring.Coupling.Axes.Where(a => a.IsOutput && trained.GetValueOrDefault(a.Weight)?.grad is not null))
            {
                foreach (var (group, change) in axis.Groups.Zip(Changes(trained[axis.Weight], axis.Dimension)))
                {
                    if (changes.ContainsKey(group))
                    {
                        changes[group] += change;
                    }
                }
            }

            foreach (var (group, change) in changes)
            {
                mean.Add(group, change * change);
            }
        });
        return mean.Result;
    }

    /// <inheritdoc/>
    public override void Check(ChannelScoring scoring)
    {
        ArgumentNullException.ThrowIfNull(scoring);
        DataPasses.TaskOf(DataPasses.StageOf(scoring, "taylor"), "taylor");
    }

    private static float[] Changes(Tensor weight, int dimension)
    {
        var product = (weight * weight.grad!).transpose(0, dimension).reshape(weight.shape[dimension], -1);
        return product.sum(1).cpu().data<float>().ToArray();
    }
}
