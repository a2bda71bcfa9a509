using MlNetDl.Configuration;

namespace MlNetDl.Experiments;

/// <summary>The output folder holds something else than this run.</summary>
public sealed class RunFolderConflictException : IOException
{
    internal RunFolderConflictException(string path, IReadOnlyList<ConfigurationDifference> differences)
        : base(differences.Count == 0
            ? $"The folder '{path}' is not empty and holds no run; choose another with --output."
            : $"The folder '{path}' holds a run with another configuration; choose another with --output, or "
                + "delete it. It differs in:\n"
                + string.Join(
                    "\n",
                    differences.Select(d => $"  {d.Path}: {d.Before ?? "(none)"} there, {d.After ?? "(none)"} now"))) =>
        Differences = differences;

    /// <summary>The differences are ones that a sweep may take on, but not while it runs.</summary>
    internal static RunFolderConflictException OfRunning(string path, IReadOnlyList<ConfigurationDifference> differences) =>
        new($"The sweep in '{path}' runs now, and what runs does not see a change of {string.Join(", ", differences.Select(d =>
            $"{d.Path} from {d.Before ?? "(none)"} to {d.After ?? "(none)"}"))}. Stop it first; the same command then goes on with the change.");

    internal RunFolderConflictException(string message) : base(message) => Differences = [];

    /// <summary>Where the configurations differ; empty where that is not it.</summary>
    public IReadOnlyList<ConfigurationDifference> Differences { get; }
}
