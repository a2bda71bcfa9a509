namespace MlNetDl.Search.Samplers.Tpe;

/// <summary>How much each trial counts in a density (Bergstra, Yamins and Cox 2013, "Making a science of model
/// search"): the latest 25 fully, older ones the less the older.</summary>
internal static class TrialWeights
{
    private const int Recent = 25;

    /// <summary>The weights of n trials in order of number: 1 for each below 25, else rising from 1/n to 1 and
    /// then 25 ones.</summary>
    public static double[] Of(int count)
    {
        var weights = new double[count];
        int ramp = Math.Max(0, count - Recent);
        for (int i = 0; i < count; i++)
        {
            weights[i] = i < ramp ? Between(1.0 / count, i, ramp) : 1;
        }

        return weights;
    }

    /// <summary>The weights of n trials and a prior, which stands last; their sum is 1.</summary>
    public static double[] WithPrior(int count, double prior)
    {
        double[] weights = [.. Of(count), prior];
        double sum = weights.Sum();
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] /= sum;
        }

        return weights;
    }

    private static double Between(double first, int index, int ramp) => ramp == 1 ? first : first + (index * (1 - first) / (ramp - 1));
}
