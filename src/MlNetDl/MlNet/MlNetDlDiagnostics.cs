using System.Diagnostics;
using System.Diagnostics.Metrics;
using MlNetDl.Recipes;

namespace MlNetDl.MlNet;

/// <summary>Traces and measurements of trainings and scorings, for OpenTelemetry and other listeners: <c>AddSource(MlNetDlDiagnostics.Name)</c> and
/// <c>AddMeter(MlNetDlDiagnostics.Name)</c>. Without a listener they cost nothing worth mention.</summary>
/// <remarks>
/// <list type="table">
/// <item><term>activity <c>mlnetdl.fit</c></term><description>a training; tags <c>mlnetdl.task</c> and <c>mlnetdl.device</c></description></item>
/// <item><term>activity <c>mlnetdl.score</c></term><description>a batch of one or more rows; tags <c>mlnetdl.graph</c> and
/// <c>mlnetdl.rows</c></description></item>
/// <item><term>counter <c>mlnetdl.scoring.rows</c></term><description>rows that were scored</description></item>
/// <item><term>counter <c>mlnetdl.scoring.errors</c></term><description>batches that could not be scored</description></item>
/// <item><term>histogram <c>mlnetdl.scoring.duration</c></term><description>seconds of a batch</description></item>
/// <item><term>histogram <c>mlnetdl.training.duration</c></term><description>seconds of a training</description></item>
/// <item><term>histogram <c>mlnetdl.training.data.duration</c></term><description>seconds of a training in which it waited for its
/// batches</description></item>
/// </list>
/// Measurements of scoring have the tag <c>mlnetdl.graph</c>.
/// </remarks>
public static class MlNetDlDiagnostics
{
    /// <summary>Name of the activity source and of the meter.</summary>
    public const string Name = "MlNetDl";

    internal const string Graph = "mlnetdl.graph", RowCount = "mlnetdl.rows", Task = "mlnetdl.task", Device = "mlnetdl.device";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Rows = Meter.CreateCounter<long>("mlnetdl.scoring.rows", "{row}", "Rows that were scored.");
    private static readonly Counter<long> Errors = Meter.CreateCounter<long>("mlnetdl.scoring.errors", "{batch}", "Batches that could not be scored.");
    private static readonly Histogram<double> ScoringSeconds =
        Meter.CreateHistogram<double>("mlnetdl.scoring.duration", "s", "Duration of a batch.");

    private static readonly Histogram<double> TrainingSeconds =
        Meter.CreateHistogram<double>("mlnetdl.training.duration", "s", "Duration of a training.");

    private static readonly Histogram<double> DataSeconds =
        Meter.CreateHistogram<double>("mlnetdl.training.data.duration", "s", "Time in which a training waited for its batches.");

    /// <summary>Tells of a batch that <paramref name="run"/> scores.</summary>
    internal static void Score(string graph, int rows, Action run)
    {
        using var activity = Source.StartActivity("mlnetdl.score");
        activity?.SetTag(Graph, graph).SetTag(RowCount, rows);
        var tag = new KeyValuePair<string, object?>(Graph, graph);
        long start = Stopwatch.GetTimestamp();
        try
        {
            run();
        }
        catch (Exception e)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.Message);
            Errors.Add(1, tag);
            throw;
        }

        Rows.Add(rows, tag);
        ScoringSeconds.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, tag);
    }

    /// <summary>Tells of a training.</summary>
    internal static RecipeResult Fit(string task, string device, Func<RecipeResult> run)
    {
        using var activity = Source.StartActivity("mlnetdl.fit");
        activity?.SetTag(Task, task).SetTag(Device, device);
        var tag = new KeyValuePair<string, object?>(Task, task);
        long start = Stopwatch.GetTimestamp();
        try
        {
            var result = run();
            DataSeconds.Record(result.Reports.Sum(r => r.DataSeconds), tag);
            return result;
        }
        catch (Exception e)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.Message);
            throw;
        }
        finally
        {
            TrainingSeconds.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, tag);
        }
    }
}
