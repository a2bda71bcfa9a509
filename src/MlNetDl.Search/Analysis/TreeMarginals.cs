namespace MlNetDl.Search.Analysis;

/// <summary>Variances of a tree over the unit cube, exact: all of it, and of the marginal of each parameter (Hutter et
/// al. 2014, section 3).</summary>
internal sealed class TreeMarginals
{
    private readonly int[] options;
    private readonly IReadOnlyList<TreeLeaf> leaves;
    private readonly double[] volumes;
    private readonly double mean;

    public TreeMarginals(int[] options, IReadOnlyList<TreeLeaf> leaves)
    {
        (this.options, this.leaves) = (options, leaves);
        volumes = [.. leaves.Select(l => l.Volume())];
        mean = leaves.Select((l, i) => volumes[i] * l.Value).Sum();
        Variance = leaves.Select((l, i) => volumes[i] * (l.Value - mean) * (l.Value - mean)).Sum();
    }

    /// <summary>The variance over the cube.</summary>
    public double Variance { get; }

    /// <summary>The variance of a parameter's marginal. The marginal is the mean over all other parameters, as a
    /// function of this one.</summary>
    public double VarianceOf(int parameter) => options[parameter] == 0 ? OfRange(parameter) : OfChoice(parameter);

    private double OfRange(int parameter)
    {
        // A leaf adds its height to the marginal between its ends: sorted by end, one pass gives the
        // marginal piece by piece.
        var ends = new List<(double At, double Change)>(leaves.Count * 2);
        for (int i = 0; i < leaves.Count; i++)
        {
            var leaf = leaves[i];
            if (leaf.Side(parameter) == 0)
            {
                continue;
            }

            double height = (leaf.Value - mean) * volumes[i] / leaf.Side(parameter);
            ends.Add((leaf.From[parameter], height));
            ends.Add((leaf.To[parameter], -height));
        }

        ends.Sort((a, b) => a.At.CompareTo(b.At));
        double variance = 0, marginal = 0, before = 0;
        foreach (var (at, change) in ends)
        {
            variance += (at - before) * marginal * marginal;
            marginal += change;
            before = at;
        }

        return variance;
    }

    private double OfChoice(int parameter)
    {
        var marginal = new double[options[parameter]];
        for (int i = 0; i < leaves.Count; i++)
        {
            double height = (leaves[i].Value - mean) * volumes[i] / leaves[i].Side(parameter);
            for (int option = 0; option < marginal.Length; option++)
            {
                marginal[option] += leaves[i].Options[parameter]![option] ? height : 0;
            }
        }

        return marginal.Average(m => m * m);
    }
}
