using MlNetDl.Metrics;

namespace MlNetDl.Search.Storage;

/// <summary>A study as its store has it.</summary>
/// <param name="Id">Its identity in this store.</param>
/// <param name="Name">Its name, unique in the store.</param>
/// <param name="Goals">Which values are better, one for each objective.</param>
/// <param name="Space">The declared space; <see langword="null"/> with define-by-run.</param>
/// <param name="Created">When it was made.</param>
public sealed record StoredStudy(long Id, string Name, ValueList<Goal> Goals, SearchSpace? Space, DateTimeOffset Created);
