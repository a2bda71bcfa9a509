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
