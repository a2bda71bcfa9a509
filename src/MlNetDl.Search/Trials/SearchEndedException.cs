namespace MlNetDl.Search;

/// <summary>Thrown by an objective that finds that no trial can succeed: the trial is given back, and the search ends with
/// this exception instead of failing trial after trial.</summary>
/// <param name="message">Why, and what to do.</param>
/// <param name="innerException">What it follows from.</param>
public sealed class SearchEndedException(string message, Exception? innerException = null) : StudyException(message, innerException);
