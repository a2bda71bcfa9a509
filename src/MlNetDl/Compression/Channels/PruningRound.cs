using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Training;

namespace MlNetDl.Compression;

/// <summary>A network before the first round: shares are of it.</summary>
internal sealed class PruningStart(FilterPruning stage, TrainedModel model, string name)
{
    private readonly Lazy<double> figure = new(() =>
        PruningMeasures.Of(stage.Of, model.Networks[name], () => model.Weights[name], model.Passes));

    /// <summary>What <see cref="FilterPruning.Of"/> measures.</summary>
    public double Figure => figure.Value;

    /// <summary>The number of groups by the layers of the cell.</summary>
    public IReadOnlyDictionary<ValueList<string>, int> Groups { get; } =
        ChannelCoupling.Of(model.Networks[name].Plan()).Cells.ToDictionary(c => c.Layers, c => c.Groups.Count);
}

/// <summary>Chooses the channels of one network that go in one round.</summary>
internal sealed class PruningRound(
    FilterPruning stage,
    StageContext context,
    PruningStart start,
    ChannelCoupling coupling,
    IReadOnlyList<ChannelCell> cells,
    Weights weights)
{
    private readonly ChannelSelection selection = new() { Scope = stage.Scope, Multiple = stage.Multiple };

    /// <summary>The groups that go, ascending.</summary>
    /// <param name="amount">The share that is gone after the round.</param>
    public List<int> Choose(double amount)
    {
        var scores = Scores();
        var gone = stage.Of == PruningMeasure.Channels
            ? selection.Choose(coupling, cells, scores, amount, start.Groups)
            : Search(scores, amount);
        return [.. gone.Order()];
    }

    /// <summary>Refuses a share that cannot go, without scores: how much is left where as few channels stay as may depends on
    /// the network alone.</summary>
    /// <param name="amount">The share that is gone after the last round.</param>
    /// <exception cref="ArgumentException">So much cannot go.</exception>
    public void RequireReachable(double amount)
    {
        // Which connections of a table stay depends on the scores.
        bool dependsOnScores = coupling.Axes.GroupBy(a => (a.Weight, a.Dimension))
            .Any(on => on.Any(a => !a.Groups.SequenceEqual(on.First().Groups)));
        if (amount > 0 && !dependsOnScores)
        {
            var scores = cells.SelectMany(c => c.Groups).ToDictionary(g => g, _ => 1.0);
            RequireReachable(selection.Choose(coupling, cells, scores, 1), amount);
        }
    }

    private void RequireReachable(IReadOnlySet<int> most, double amount)
    {
        double least = Figure(most);
        if (least > start.Figure * (1 - amount))
        {
            throw new PruningLimitException(amount, stage.Of, least, start.Figure);
        }
    }

    private IReadOnlyDictionary<int, double> Scores()
    {
        var scores = stage.By.Of(new()
        {
            Coupling = coupling,
            Cells = cells,
            Weights = weights,
            Stage = context,
        });
        foreach (var cell in cells)
        {
            if (cell.Groups.Any(g => !scores.TryGetValue(g, out double score) || !double.IsFinite(score)))
            {
                throw new ComponentException(
                    stage.By,
                    nameof(ChannelScore.Of),
                    "it gave no finite score for a channel; return one for each group of the cells that are scored.",
                    cell.Name);
            }
        }

        return scores;
    }

    // The smallest share of the channels with which enough is gone.
    private IReadOnlySet<int> Search(IReadOnlyDictionary<int, double> scores, double amount)
    {
        double goal = start.Figure * (1 - amount);
        var none = new HashSet<int>();
        if (amount <= 0 || Figure(none) <= goal)
        {
            return none;
        }

        var best = At(1);
        RequireReachable(best, amount);
        double low = 0, high = 1;
        for (int i = 0; i < PruningMeasures.Tries(stage.Of); i++)
        {
            context.Stop.ThrowIfCancellationRequested();
            double middle = (low + high) / 2;
            var gone = At(middle);
            if (gone.SetEquals(best) || Figure(gone) <= goal)
            {
                (best, high) = (gone, middle);
            }
            else
            {
                low = middle;
            }
        }

        return best;

        IReadOnlySet<int> At(double share) => selection.Choose(coupling, cells, scores, share);
    }

    private double Figure(IReadOnlySet<int> gone) => PruningMeasures.Of(
        stage.Of,
        ChannelCutter.Narrow(coupling, gone),
        () => ChannelCutter.Cut(coupling, weights, gone).Weights,
        context.Model.Passes);
}
