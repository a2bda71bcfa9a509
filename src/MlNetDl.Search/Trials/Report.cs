namespace MlNetDl.Search;

/// <summary>An intermediate value of a trial's (first) objective.</summary>
/// <param name="Step">When: an epoch, a fold, …; 0 or more.</param>
/// <param name="Value">The value; NaN and infinities too.</param>
public readonly record struct Report(long Step, double Value);
