namespace MlNetDl.Commands.Views;

/// <summary>Names of searched values, as short as they are told apart: <c>learningRate</c> for
/// <c>training.optimizer.learningRate</c>.</summary>
internal sealed class ShortNames
{
    private readonly HashSet<string> known = [];

    /// <summary>The short name. A name that comes later may make others longer.</summary>
    public string Of(string name)
    {
        known.Add(name);
        var parts = name.Split('.');
        return Enumerable.Range(1, parts.Length).Select(n => string.Join('.', parts[^n..]))
            .First(end => end == name || known.All(other => other == name || !IsEndOf(end, other)));
    }

    /// <summary>Makes names known, so that their short forms do not change.</summary>
    public void Learn(IEnumerable<string> names) => known.UnionWith(names);

    private static bool IsEndOf(string end, string name) => name == end || name.EndsWith($".{end}", StringComparison.Ordinal);
}
