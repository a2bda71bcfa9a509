namespace MlNetDl.Configuration;

/// <summary>Where a record's values stand in what was written: a component that was written as a list has no key for
/// its members there.</summary>
internal sealed class WrittenPaths
{
    private readonly List<(string Path, string Member)> lists = [];

    /// <summary>Notes that the component at a path, as it was written, is a list of its
    /// <paramref name="member"/>.</summary>
    public void Add(string path, string member) => lists.Add((path, member));

    /// <summary>A path of the record as it was written: <c>layers[0].out</c> for
    /// <c>layers.children[0].out</c>.</summary>
    public string Of(string path)
    {
        // From the outside to the inside, because the path of an outer list is part of the written paths within it.
        foreach (var (at, member) in lists.OrderBy(l => l.Path.Length))
        {
            var below = RecordChecker.Below(at, member);
            path = path.StartsWith($"{below}[", StringComparison.Ordinal) ? at + path[below.Length..] : path;
        }

        return path;
    }

    /// <summary>A problem of the record, at its written path.</summary>
    public RecordProblem Of(RecordProblem problem) => problem with { Path = Of(problem.Path) };
}
