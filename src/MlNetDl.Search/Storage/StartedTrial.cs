using MlNetDl.Search.Distributions;

namespace MlNetDl.Search.Storage;

/// <summary>A trial that a worker may now run.</summary>
/// <param name="Lease">The right to write it.</param>
/// <param name="Fixed">Values of parameters that were fixed when it was enqueued.</param>
/// <param name="Checkpoint">Where the attempt before left off, as it said by <see cref="StudyStore.SetCheckpoint"/>;
/// <see langword="null"/>: start anew.</param>
public sealed record StartedTrial(Lease Lease, IReadOnlyDictionary<string, Option> Fixed, string? Checkpoint);

/// <summary>How a trial ends.</summary>
/// <param name="State"><see cref="TrialState.Complete"/>, <see cref="TrialState.Pruned"/> or
/// <see cref="TrialState.Failed"/>; only <see cref="StudyStore.Cancel"/> ends one as
/// <see cref="TrialState.Cancelled"/>.</param>
/// <param name="Values">The objectives' values; empty when failed.</param>
/// <param name="Constraints">Violations of constraints; empty for none.</param>
/// <param name="Error">Why it failed.</param>
public sealed record TrialOutcome(TrialState State, IReadOnlyList<double> Values, IReadOnlyList<double> Constraints, string? Error = null);

/// <summary>A file that a trial made.</summary>
/// <param name="Name">Its name, unique in its trial.</param>
/// <param name="Path">Where it lies, relative to the study's folder.</param>
/// <param name="Sha256">SHA-256 of its content, lower-case hexadecimal.</param>
/// <param name="Length">Its length in bytes.</param>
public sealed record Artifact(string Name, string Path, string Sha256, long Length);

/// <summary>Something that happened, for people to read.</summary>
/// <param name="At">When.</param>
/// <param name="Number">The trial it concerns; <see langword="null"/> for the study.</param>
/// <param name="Kind">What: a store writes <c>lost</c> (a worker gave no sign of life or its process ended),
/// <c>released</c>, <c>failed</c>, <c>cancelled</c> and <c>widened</c> (the space); <see cref="Study"/> writes <c>exception</c>, <c>stop</c>
/// (what an objective does when it is asked to stop failed) and <c>warning</c>. Others may add their own.</param>
/// <param name="Text">Who and why, such as the worker, the error of a trial that failed, or a whole exception with the
/// place it came from.</param>
public sealed record StudyEvent(DateTimeOffset At, int? Number, string Kind, string Text);

/// <summary>A metric that a trial logged.</summary>
/// <param name="Attempt">Which attempt, from 1; of a metric that was carried over, the one that goes
/// on with it.</param>
/// <param name="Step">The step.</param>
/// <param name="Key">Its name, such as <c>validation.accuracy</c>.</param>
/// <param name="Value">Its value; NaN and infinities too.</param>
public readonly record struct StoredMetric(int Attempt, long Step, string Key, double Value);
