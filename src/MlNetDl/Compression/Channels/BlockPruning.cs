using System.Globalization;
using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Training;

namespace MlNetDl.Compression;

/// <summary>What the removal of a residual branch costs.</summary>
public enum BlockCost
{
    /// <summary>The loss on training examples without the branch. After each removal the others are tried again.</summary>
    Loss,

    /// <summary>The mean absolute scale |γ| of the last batch normalisation of the branch: with 0 the branch adds a
    /// constant.</summary>
    NormScale,

    /// <summary>What the task's first training metric loses on training examples without the branch, such as the accuracy
    /// of classes; of equal ones, the loss decides. After each removal the others are tried again.</summary>
    Metric,
}

/// <summary>Removes the residual branches that matter least, so that their blocks only pass their input on, and trains on
/// (Veit et al. 2016, arXiv:1605.06431: a residual network does without some of them).</summary>
/// <remarks>
/// A branch can go where a <see cref="Sum"/> adds it to the unchanged input (an <see cref="Identity"/>). Blocks that
/// change the number of channels or the size stay. Of a branch and the branches within it, only one is removed. The rest
/// of the network keeps the names of its weights. It works on models of one network.
/// </remarks>
public sealed record BlockPruning : Stage
{
    /// <summary>What the removal of a branch costs; the loss by default, which tells branches apart where few examples change
    /// their class. The loss and the metric need labels.</summary>
    public BlockCost By { get; init; }

    /// <summary>How many branches go, 1 or more; 1 by default.</summary>
    [AtLeast(1)]
    public int Count { get; init; } = 1;

    /// <summary>How many training examples a loss or metric is taken over, rounded up to whole batches; 512 by default. Each branch
    /// that is tried costs a pass over them.</summary>
    [AtLeast(1)]
    public int Examples { get; init; } = 512;

    /// <summary>Paths of layers below which no branch goes, such as <c>stage1</c>.</summary>
    public ValueList<string> Keep { get; init; } = [];

    /// <summary>The training after the removal; none by default, where later stages train.</summary>
    public Fit? FineTune { get; init; }

    /// <inheritdoc/>
    public override bool? Trains => FineTune is not null;

    /// <inheritdoc/>
    public override void Check(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Refuse(context);
        // Later, a stage before this one may have removed such a layer.
        LayerPaths.Check(context, this, Keep, "blockPruning.keep", ResidualBranches.Of(context.Model.Networks.Values.Single()));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException"><see cref="Keep"/> names no layer, there are not so many branches, or nothing to
    /// choose by.</exception>
    public override TrainedModel Run(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Refuse(context);
        var (name, network) = context.Model.Networks.Single();
        var weights = context.Model.Weights[name];
        var gone = context.Once("branches", () => Choose(context, network, weights));
        var shorter = gone.Aggregate(network, ResidualBranches.Without);
        context.Message($"blockPruning: {string.Join(", ", gone)} removed; {PruningMessage.Sizes(network.Plan(), shorter.Plan())}");
        var model = context.Model with
        {
            Networks = new Dictionary<string, Network> { [name] = shorter },
            Weights = new Dictionary<string, Weights> { [name] = Left(shorter, weights) },
        };
        return FineTune?.Run(context with { Model = model }) ?? model;
    }

    // Before anything is trained: not so many branches, or nothing to choose by.
    private void Refuse(StageContext context)
    {
        var model = context.Model;
        if (model.Networks.Count > 1)
        {
            throw new ArgumentException($"blockPruning works on a model of one network, but this has {string.Join(" and ", model.Networks.Keys)}.");
        }

        var network = model.Networks.Values.Single();
        var branches = BranchesOf(network);
        if (branches.Count < Count)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"blockPruning.count is {Count}, but the network has {branches.Count} residual branches that can go; a branch can where a sum "
                    + $"adds it to the unchanged input, and blockPruning.keep does not name it."));
        }

        int together = ResidualBranches.Together(branches);
        if (together < Count)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"blockPruning.count is {Count}, but only {together} of the {branches.Count} residual branches can go together, because some lie "
                    + $"within others: {string.Join(", ", branches)}. Lower the count."));
        }

        if (By == BlockCost.NormScale)
        {
            var plan = network.Plan();
            branches.ForEach(b => LastNorm(plan, b));
        }
        else
        {
            BranchTrial.Check(context, By);
        }
    }

    private List<string> BranchesOf(Network network) =>
        [.. ResidualBranches.Of(network).Where(path => !Keep.Any(named => LayerPaths.IsBelow(path, named)))];

    private List<string> Choose(StageContext context, Network network, Weights weights)
    {
        var plan = network.Plan();
        var gone = new List<string>();
        for (var left = network; gone.Count < Count; left = ResidualBranches.Without(left, gone[^1]))
        {
            gone.Add(ResidualBranches.Next(BranchesOf(left), gone, Count).MinBy(b => CostOf(ResidualBranches.Without(left, b), b))!);
        }

        return gone;

        (double, double) CostOf(Network without, string branch) => By == BlockCost.NormScale
            ? (weights[$"{LastNorm(plan, branch).WeightsName}.weight"].Data.Average(v => Math.Abs(v)), 0)
            : BranchTrial.CostOf(context, By, without.Plan(), Left(without, weights), Examples);
    }

    private static PlanStep LastNorm(Plan plan, string branch) =>
        plan.Steps.LastOrDefault(s => s.Leaf is BatchNorm2d && LayerPaths.IsBelow(s.Path, branch)) ?? throw new ArgumentException(
            $"{branch} has no batch normalisation, whose scale blockPruning.by = normScale goes by; take loss, or name the branch under "
                + "blockPruning.keep.");

    private static Weights Left(Network network, Weights weights) => new(network.Plan().Parameters.Select(p => weights[p.Name]));
}
