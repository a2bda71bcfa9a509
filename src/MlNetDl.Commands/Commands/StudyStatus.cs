using System.Globalization;
using MlNetDl.Commands.Views;
using MlNetDl.Experiments;

namespace MlNetDl.Commands;

/// <summary><c>mldl study status</c>.</summary>
internal sealed class StudyStatus() : StudyAction<SweepStatus>("status", "", "how far it is")
{
    protected override SweepStatus Do(StudyCall call) => call.Folder.Status();

    protected override void Tell(SweepStatus status, StudyCall call)
    {
        var output = call.Context.Output;
        int ended = status.Complete + status.Pruned + status.Failed;
        output.WriteLine($"{status.Name}: {ended} of {Figures.Count(status.MaxTrials, "trial")}, {State(status)}");
        var counts = new (int Count, string State)[]
        {
            (status.Complete, "complete"),
            (status.Pruned, "pruned"),
            (status.Failed, "failed"),
            (status.Running.Count, "running"),
            (status.Waiting, "waiting"),
            (status.Beyond, "beyond search.maxTrials"),
            (status.Cancelled, "cancelled"),
        };
        // The last ones are seldom, and are told where there are any.
        output.WriteLine(string.Join(", ", counts.Where((c, i) => i < 3 || c.Count > 0).Select(c => $"{c.Count} {c.State}")));
        SweepLines.Write(output, status.Best, status.Lineage);
        if (status.Running.Count > 0)
        {
            var now = DateTimeOffset.UtcNow;
            TextTable.Write(
                output,
                ["trial", "proposed by", status.Workers > 0 ? "runs at" : "was left by", "for", "reports", "last"],
                status.Running.Select(r => new[]
                {
                    r.Number.ToString(CultureInfo.InvariantCulture),
                    r.Proposal ?? "",
                    r.Worker ?? "",
                    r.Since is { } since && now > since ? Figures.Time(now - since) : "0 s",
                    r.Reports.ToString(CultureInfo.InvariantCulture),
                    r.Value is { } value ? SweepText.Number(value) : "",
                }),
                0, 4, 5);
        }

        foreach (var failure in status.Failures)
        {
            output.WriteLine($"trial {failure.Number} failed: {LineFit.Plain(failure.Reason)}");
        }

        foreach (var trial in status.Infeasible)
        {
            output.WriteLine($"trial {trial.Number} is infeasible: {trial.Broken}");
        }

        if (status.InfeasibleTrials > status.Infeasible.Count)
        {
            output.WriteLine($"and {Figures.Count(status.InfeasibleTrials - status.Infeasible.Count, "more infeasible trial")}");
        }

        if (status.Final is { } final)
        {
            output.WriteLine($"final round of trial {final.Trial}: {final.Ended} of {Figures.Count(final.Trainings, "training")}");
        }
    }

    private static string State(SweepStatus status) => status switch
    {
        { Runners: > 0 } or { Workers: > 0 } => $"runs with {Figures.Count(status.Workers, "worker")}",
        { IsDone: true } => "done",
        _ => "does not run",
    };
}
