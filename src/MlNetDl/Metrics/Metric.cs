using MlNetDl.Configuration;

namespace MlNetDl.Metrics;

/// <summary>
/// A figure of scores against the truth, as a component: the same one for training, early stopping, reports, evaluation
/// and sweeps.
/// </summary>
/// <remarks>
/// Definitions are scikit-learn's; where a metric leaves them, it says so. All are weighted: weight k of a row is k
/// such rows.
/// </remarks>
public abstract record Metric : ICheckedRecord
{
    /// <summary>
    /// What reports call it, camelCase: a name of the catalog, with the options in it that distinguish it, such as
    /// <c>top5Accuracy</c>.
    /// </summary>
    public abstract string FigureName { get; }

    /// <summary>Which way it gets better.</summary>
    public abstract Goal Goal { get; }

    /// <summary>Its name and goal.</summary>
    public Figure Figure => new(FigureName, Goal);

    /// <summary>
    /// Whether its run keeps all rows, because no sums suffice: too much for the running figures of an epoch, and no
    /// state for a checkpoint.
    /// </summary>
    public virtual bool NeedsAllRows => false;

    /// <summary>Problems beside the ranges of its members: broken rules between them. None by default.</summary>
    public virtual IEnumerable<RecordProblem> Problems() => [];

    /// <summary>Whether it is defined on such scores.</summary>
    public abstract bool Takes(ScoreForm form);

    /// <summary>A fresh accumulation.</summary>
    /// <param name="form">What the scores will be.</param>
    /// <param name="width">Scores of a row, K; 1 for <see cref="ScoreForm.Logit"/>.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the metric does not take such
    /// scores.</exception>
    public MetricRun Start(ScoreForm form, int width)
    {
        RecordCheck.Require(this, FigureName);
        if (!Takes(form))
        {
            var forms = string.Join(" or ", Enum.GetValues<ScoreForm>().Where(Takes).Select(Noun));
            throw new ArgumentException(
                $"{FigureName}: expected {forms} but the scores are {Noun(form)}; choose a metric that suits the task.", nameof(form));
        }

        if (ScoredRows.WidthProblem(form, width) is { } misfit)
        {
            throw new ArgumentException($"{FigureName}: {misfit}", nameof(width));
        }

        return Begin(form, width);
    }

    /// <summary>The figure of all rows at once.</summary>
    /// <exception cref="ArgumentException">As <see cref="Start"/>.</exception>
    public double Of(ScoredRows rows)
    {
        var run = Start(rows.Form, rows.Width);
        run.Add(rows);
        return run.Value;
    }

    /// <summary>Makes the run of <see cref="Start"/>, after the checks.</summary>
    protected abstract MetricRun Begin(ScoreForm form, int width);

    private static string Noun(ScoreForm form) => form switch
    {
        ScoreForm.Probabilities => "probabilities of classes",
        ScoreForm.Logit => "logits of yes or no",
        ScoreForm.Logits => "logits of several labels",
        _ => "values",
    };
}
