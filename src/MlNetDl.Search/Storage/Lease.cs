namespace MlNetDl.Search.Storage;

/// <summary>The right to write an attempt of a trial. A worker that takes the trial over gets another token; writes
/// with this one are refused from then on.</summary>
/// <param name="StudyId">The study's identity in its store.</param>
/// <param name="Number">The trial's number.</param>
/// <param name="Attempt">Which attempt, from 1.</param>
/// <param name="Token">Unguessable text.</param>
public sealed record Lease(long StudyId, int Number, int Attempt, string Token);
