using System.Globalization;
using MlNetDl.Analysis;
using MlNetDl.Training;

namespace MlNetDl.Compression;

/// <summary>Folds batch normalisations into the convolutions before them: the same outputs with fewer weights and operations
/// (Jacob et al. 2018, arXiv:1712.05877, section 3.2).</summary>
/// <remarks>
/// ONNX Runtime does the same as it loads a model, so that scoring gets hardly faster: it is for other runtimes, and for
/// stages that work on the numbers as they are scored, such as quantisation. A training behind it trains without
/// normalisation. Normalisations whose input something else reads too, or which share weights, stay; so do those behind
/// other layers than convolutions.
/// </remarks>
public sealed record FoldNorms : Stage
{
    /// <inheritdoc/>
    public override bool? Trains => false;

    /// <inheritdoc/>
    public override void Check(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Refuse(context.Model);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">No normalisation stands right behind a convolution.</exception>
    public override TrainedModel Run(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Refuse(context.Model);
        var networks = new Dictionary<string, Network>();
        var weights = new Dictionary<string, Weights>();
        foreach (var (name, network) in context.Model.Networks)
        {
            var plan = network.Plan();
            var pairs = NormFolding.Pairs(plan);
            (networks[name], weights[name]) = NormFolding.Fold(network, context.Model.Weights[name], pairs);
            int norms = plan.Steps.Count(s => s.Leaf is Layers.BatchNorm2d);
            context.Message(string.Create(CultureInfo.InvariantCulture,
                $"foldNorms of '{name}': {pairs.Count:N0} of {norms:N0} normalisations folded; {PruningMessage.Sizes(plan, networks[name].Plan())}"));
        }

        return context.Model with
        {
            Networks = networks,
            Weights = weights,
            // Channels are scaled each by its own factor.
            Clustered = [.. context.Model.Clustered.Where(name => context.Model.Networks.Keys.All(n => Same(name, context.Model.Weights[n], weights[n])))],
        };
    }

    private static bool Same(string name, Weights before, Weights after) =>
        !before.Contains(name) || !after.Contains(name) || before[name].Data.AsSpan().SequenceEqual(after[name].Data);

    private static void Refuse(TrainedModel model)
    {
        if (model.Networks.Values.All(n => NormFolding.Pairs(n.Plan()).Count == 0))
        {
            throw new ArgumentException("foldNorms finds nothing to fold: no batch normalisation stands right behind a convolution of its own.");
        }
    }
}
