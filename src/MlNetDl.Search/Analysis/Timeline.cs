namespace MlNetDl.Search.Analysis;

/// <summary>When a trial ran.</summary>
/// <param name="Number">The trial.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Attempt">Which attempt it is.</param>
/// <param name="Worker">Who ran it.</param>
/// <param name="Started">When its current attempt started.</param>
/// <param name="Finished">When it finished; <see langword="null"/> while it runs.</param>
public sealed record TimelineBar(
    int Number, TrialState State, int Attempt, string? Worker, DateTimeOffset Started, DateTimeOffset? Finished);

/// <summary>When trials ran: how well workers were used, and what took long. Earlier attempts of a trial
/// are not shown.</summary>
/// <param name="Bars">The trials that have started, in order of number.</param>
public sealed record Timeline(IReadOnlyList<TimelineBar> Bars) : AnalysisData
{
    /// <summary>The timeline of a study.</summary>
    public static Timeline Of(History history) => new([.. history.Trials
        .Where(t => t.Started is not null)
        .Select(t => new TimelineBar(t.Number, t.State, t.Attempt, t.Worker, t.Started!.Value, t.Finished))]);

    /// <summary>From the first start to the last time known; <see langword="null"/> before the first.</summary>
    public TimeSpan? Duration => Bars.Count == 0 ? null : Last - Bars.Min(b => b.Started);

    /// <summary>The sum over finished trials of how long they ran.</summary>
    public TimeSpan Work => new(Bars.Sum(b => b.Finished is { } end ? Math.Max(0, (end - b.Started).Ticks) : 0));

    internal DateTimeOffset Last => Bars.Max(b => b.Finished is { } end && end > b.Started ? end : b.Started);

    /// <inheritdoc/>
    public override AnalysisTable ToTable() => new("timeline", ["number", "state", "attempt", "worker", "started", "finished"],
        [.. Bars.Select(b => new object?[] { b.Number, b.State, b.Attempt, b.Worker, b.Started, b.Finished })]);
}
