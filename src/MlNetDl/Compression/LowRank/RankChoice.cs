using MlNetDl.Analysis;
using MlNetDl.Onnx;

namespace MlNetDl.Compression;

/// <summary>Chooses the ranks of one network's layers.</summary>
internal sealed class RankChoice(LowRank stage, Network network, Weights weights, FactorLayers layers, IReadOnlyList<IOnnxPass> passes)
{
    private bool ByParameters => stage is { Amount: not null, Of: PruningMeasure.Parameters or PruningMeasure.Bytes };

    /// <summary>The ranks by the name of the weights; layers that would not be smaller are not there.</summary>
    /// <exception cref="PruningLimitException">So much cannot go.</exception>
    public Dictionary<string, FactorRanks> Choose(CancellationToken cancellation)
    {
        if (stage.Amount is { } amount)
        {
            return Search(amount, cancellation);
        }

        return stage.Rank is { } rank ? At((_, _) => rank)
            : stage.Ratio is { } ratio ? At((full, _) => (int)Math.Ceiling(ratio * full))
            : AtEnergy(stage.Energy ?? LowRank.DefaultEnergy);
    }

    /// <summary>Refuses an amount that cannot go. What is left at the lowest ranks depends on the network alone.</summary>
    /// <exception cref="PruningLimitException">So much cannot go.</exception>
    public void RequireReachable(double amount) => RequireReachable(amount, Lowest, Figure([]));

    private Dictionary<string, FactorRanks> Lowest => At((_, _) => 1);

    // The greatest share of the energy with which enough is gone.
    private Dictionary<string, FactorRanks> Search(double amount, CancellationToken cancellation)
    {
        double whole = Figure([]), goal = whole * (1 - amount);
        if (amount <= 0)
        {
            return [];
        }

        var best = Lowest;
        RequireReachable(amount, best, whole);
        double low = 0, high = 1;
        for (int i = 0; i < PruningMeasures.Tries(stage.Of); i++)
        {
            cancellation.ThrowIfCancellationRequested();
            double middle = (low + high) / 2;
            var ranks = AtEnergy(middle);
            if (Figure(ranks) <= goal)
            {
                (best, low) = (ranks, middle);
            }
            else
            {
                high = middle;
            }
        }

        return best;
    }

    private void RequireReachable(double amount, Dictionary<string, FactorRanks> lowest, double whole)
    {
        double least = Figure(lowest);
        if (least > whole * (1 - amount))
        {
            throw new PruningLimitException("lowRank", "where all ranks are as low as may be", amount, stage.Of, least, whole);
        }
    }

    private Dictionary<string, FactorRanks> AtEnergy(double share) => At((_, spectrum) => spectrum().RankFor(share));

    private Dictionary<string, FactorRanks> At(Func<int, Func<Spectrum>, int> rule)
    {
        var ranks = new Dictionary<string, FactorRanks>();
        foreach (var layer in layers.All)
        {
            int outputs = Rounded(rule(layer.FullOut, () => layer.Spectra.Out));
            int inputs = layer.FullIn == 0 ? 0 : Rounded(rule(layer.FullIn, () => layer.Spectra.In!));
            if (layer.Cheapest(new(inputs, outputs), ByParameters) is { } found)
            {
                ranks.Add(layer.Name, found);
            }
        }

        return ranks;
    }

    private int Rounded(int rank) => (rank + stage.Multiple - 1) / stage.Multiple * stage.Multiple;

    private double Figure(Dictionary<string, FactorRanks> ranks) =>
        PruningMeasures.Of(stage.Of, FactorLayers.Rewrite(network, ranks), () => layers.Rewrite(weights, ranks), passes);
}
