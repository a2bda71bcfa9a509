namespace MlNetDl.Commands;

/// <summary>The tool's exit codes.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int Cancelled = 130;
}

/// <summary>The command line asks for something that cannot be: exit code 2.</summary>
/// <param name="message">The request, the possible ones, and what to do.</param>
public sealed class UsageException(string message) : Exception(message);

/// <summary>The work was done and its outcome is a failure: exit code 1, with a report.</summary>
/// <param name="message">What failed.</param>
/// <param name="report">The result that the command still gives; <c>--json</c> prints it.</param>
public sealed class WorkFailedException(string message, object? report) : Exception(message)
{
    /// <summary>The result that the command still gives.</summary>
    public object? Report => report;
}
