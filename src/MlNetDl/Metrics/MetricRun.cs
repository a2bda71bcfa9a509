namespace MlNetDl.Metrics;

/// <summary>A metric over rows that come batch by batch. Not for several threads at once.</summary>
/// <param name="form">What the scores are.</param>
/// <param name="width">Scores of a row, K.</param>
public abstract class MetricRun(ScoreForm form, int width)
{
    /// <summary>The figure of the rows so far. NaN where it is not defined, as without rows.</summary>
    public abstract double Value { get; }

    /// <summary>The sums, a copy: all that a checkpoint needs to go on. Its length depends on the metric and
    /// the width alone.</summary>
    /// <exception cref="ArgumentException">An array of another length is set.</exception>
    /// <exception cref="NotSupportedException">The metric needs all rows
    /// (<see cref="Metric.NeedsAllRows"/>).</exception>
    public abstract double[] State { get; set; }

    /// <summary>Adds rows. Those of weight 0 are left out: they change nothing, whatever their scores.</summary>
    /// <exception cref="ArgumentException">The scores have another form or width than the run was started
    /// with.</exception>
    public void Add(ScoredRows rows)
    {
        if (rows.Form != form || rows.Width != width)
        {
            throw new ArgumentException(
                $"Expected {form} of width {width}, as the run was started, but got {rows.Form} of width {rows.Width}.", nameof(rows));
        }

        CollectAll(rows);
    }

    /// <summary>Adds the rows that weigh more than 0, one after the other.</summary>
    protected virtual void CollectAll(in ScoredRows rows)
    {
        for (int row = 0; row < rows.Count; row++)
        {
            if (rows.Weight(row) is > 0 and var weight)
            {
                Collect(rows, row, weight);
            }
        }
    }

    /// <summary>Adds one row.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="row">Which of them.</param>
    /// <param name="weight">Its weight, above 0.</param>
    protected abstract void Collect(in ScoredRows rows, int row, double weight);
}
