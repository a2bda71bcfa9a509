using MlNetDl.Search.Distributions;

namespace MlNetDl.Search.Samplers.Tpe;

/// <summary>A choice: every kernel gives each option the prior's weight over the number of kernels, and the observed
/// option 1 more; the prior's kernel is uniform.</summary>
internal sealed class ChoiceAxis : KernelAxis
{
    private readonly int options;
    private readonly double[] observed;
    private readonly double each, seen, logUnseen, logSeen, logUniform;

    public ChoiceAxis(Choice distribution, double[] positions, double priorWeight)
    {
        (options, observed) = (distribution.Count, positions);
        double prior = priorWeight / Count, sum = 1 + (options * prior);
        (each, seen) = (prior / sum, (1 + prior) / sum);
        (logUnseen, logSeen, logUniform) = (Math.Log(each), Math.Log(seen), -Math.Log(options));
    }

    public override int Count => observed.Length + 1;

    /// <summary>An option's probability in a kernel.</summary>
    public double Probability(int kernel, int option) =>
        kernel == observed.Length ? 1.0 / options : observed[kernel] == option ? seen : each;

    public override double Draw(int kernel, TrialRandom random)
    {
        double unit = random.NextDouble();
        if (kernel == observed.Length)
        {
            return Math.Min(Math.Floor(unit * options), options - 1);
        }

        // Of the observed option 1 / sum = seen - each on its own, the rest evenly.
        return unit < seen - each ? observed[kernel] : Math.Min(Math.Floor((unit - (seen - each)) / each), options - 1);
    }

    // Nothing bounds a choice.
    public override double Draw(int kernel, TrialRandom random, Distribution part) => Draw(kernel, random);

    public override void AddLog(double number, Span<double> logs)
    {
        for (int i = 0; i < observed.Length; i++)
        {
            logs[i] += observed[i] == number ? logSeen : logUnseen;
        }

        logs[observed.Length] += logUniform;
    }
}
