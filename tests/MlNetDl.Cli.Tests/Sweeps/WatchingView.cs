using System.Diagnostics;
using MlNetDl.Experiments;

namespace MlNetDl.Cli.Tests.Sweeps;

/// <summary>Keeps the messages of a sweep, and lets a test act while its workers work.</summary>
internal sealed class WatchingView : SweepView
{
    public Action<IReadOnlyList<WorkerProgress>> OnWorking { get; set; } = _ => { };

    public List<string> Messages { get; } = [];

    public override void Working(IReadOnlyList<WorkerProgress> workers) => OnWorking(workers);

    public override void Message(string text) => Messages.Add(text);
}

/// <summary>The processes of workers.</summary>
internal static class WorkerProcesses
{
    /// <summary>Those that work on a folder of a test.</summary>
    public static IReadOnlyList<Process> Of(string folder) => [.. Process.GetProcessesByName("dotnet").Where(p =>
        File.Exists($"/proc/{p.Id}/cmdline") && File.ReadAllText($"/proc/{p.Id}/cmdline").Contains(folder, StringComparison.Ordinal))];
}
