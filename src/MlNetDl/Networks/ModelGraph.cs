using MlNetDl.Analysis;

namespace MlNetDl.Networks;

/// <summary>A graph that a model is scored with: a network whose weights are those of the trained
/// networks, by name.</summary>
/// <param name="Name">Its name in the saved model; a single graph is named <c>model</c>.</param>
/// <param name="Network">What it computes. Each of its weights is a trained one, or has fixed values.</param>
public sealed record ModelGraph(string Name, Network Network)
{
    /// <summary>Its purpose in a word: <see cref="GraphRole.Score"/> where the task reads its first output.</summary>
    public string Role { get; init; } = GraphRole.Score;

    /// <summary>The network whose weights it takes; <see langword="null"/> takes each from whichever network has it,
    /// and the names of the networks' weights must differ then.</summary>
    public string? WeightsOf { get; init; }

    /// <summary>The purpose of each input that is not read from the feature column; see <see
    /// cref="GraphRole"/>.</summary>
    public IReadOnlyDictionary<string, string> InputRoles { get; init; } = new Dictionary<string, string>();

    /// <summary>For each input that is read from another column than the feature column, that column.</summary>
    public IReadOnlyDictionary<string, string> InputColumns { get; init; } = new Dictionary<string, string>();

    /// <summary>The columns that a transformer makes of outputs, by the output's name; ignored where the role is
    /// <see cref="GraphRole.Score"/>, as the task has its columns.</summary>
    public IReadOnlyDictionary<string, string> OutputColumns { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether an input takes the feature column's values, because it has no other role or column.</summary>
    internal bool IsFeature(string input) => !InputRoles.ContainsKey(input) && !InputColumns.ContainsKey(input);
}

/// <summary>Well-known roles of graphs and of their inputs; models may have others.</summary>
public static class GraphRole
{
    /// <summary>A graph whose first output is a row's score, which the model's task reads.</summary>
    public const string Score = "score";

    /// <summary>A graph whose first output are a row's squared distances to centres. Its columns are those of ML.NET's clustering:
    /// <c>PredictedLabel</c> and <c>Score</c>.</summary>
    public const string Cluster = "cluster";

    /// <summary>An input read from the feature column.</summary>
    public const string Feature = "feature";

    /// <summary>An input of random numbers, which the caller draws: samples then follow from a seed everywhere. Zeros
    /// where no column gives it, or the data lacks that column.</summary>
    public const string Noise = "noise";

    /// <summary>An input that conditions what is made.</summary>
    public const string Condition = "condition";

    /// <summary>An input that takes what an earlier call of a loop gave.</summary>
    public const string State = "state";
}
