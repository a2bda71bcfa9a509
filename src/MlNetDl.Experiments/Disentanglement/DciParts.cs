namespace MlNetDl.Experiments;

/// <summary>The scores of Eastwood and Williams 2018.</summary>
internal static class DciParts
{
    /// <summary>The three scores, from importances and accuracies of boosted trees.</summary>
    public static DciScore Of(CodeSampler sampler, DisentanglementOptions options, Random random)
    {
        CodeSample training = sampler.Draw(options.Training, random), test = sampler.Draw(options.Test, random);
        var importances = new double[sampler.Factors.Count][];
        double accuracy = 0;
        for (int f = 0; f < importances.Length; f++)
        {
            var gains = new double[training.Width];
            accuracy += CodeClassifiers.BoostedTrees(
                LabelledCodes.Of(training, f), LabelledCodes.Of(test, f), sampler.Factors[f].Size, options.Trees, gains, sampler.Stop);
            double sum = gains.Sum();
            importances[f] = [.. gains.Select(g => sum > 0 ? g / sum : 0)];
        }

        var byDimension = Enumerable.Range(0, training.Width).Select(d => importances.Select(row => row[d]).ToArray()).ToArray();
        return new(Concentration(byDimension), Concentration(importances), accuracy / importances.Length);
    }

    /// <summary>How far each row is from an equal share of its values: 1 minus its entropy, in units of the largest one.
    /// Rows count by their sums; all rows of zeros give 0.</summary>
    /// <param name="rows">Importances of 0 or more. A row has as many values as the other side has members.</param>
    public static double Concentration(double[][] rows)
    {
        double all = rows.Sum(r => r.Sum());
        return all == 0 ? 0 : rows.Sum(row => row.Sum() / all * (row.Length == 1 ? 1 : 1 - Entropy(row)));
    }

    private static double Entropy(double[] row)
    {
        double sum = row.Sum();
        return row.Where(v => v > 0).Sum(v => -v / sum * Math.Log(v / sum)) / Math.Log(row.Length);
    }
}
