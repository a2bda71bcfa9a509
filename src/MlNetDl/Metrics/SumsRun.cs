namespace MlNetDl.Metrics;

/// <summary>A run whose state is an array of sums.</summary>
internal abstract class SumsRun(ScoreForm form, int width, int sums) : MetricRun(form, width)
{
    public sealed override double[] State
    {
        get => [.. Sums];
        set
        {
            if (value.Length != Sums.Length)
            {
                throw new ArgumentException(
                    $"Expected a state of {Sums.Length} numbers but got {value.Length}: it belongs to "
                        + "another metric or network.",
                    nameof(value));
            }

            value.CopyTo(Sums, 0);
        }
    }

    protected double[] Sums { get; } = new double[sums];
}
