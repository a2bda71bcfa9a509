namespace MlNetDl.Experiments;

/// <summary>What an experiment to start from says.</summary>
internal sealed record Starter
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The task.</summary>
    public required string Task { get; init; }

    /// <summary>Why it is this task.</summary>
    public required string Why { get; init; }

    /// <summary>The keys of the data, each with its value and a comment, which may be empty. A key that begins with # is a
    /// suggestion.</summary>
    public required IReadOnlyList<(string Key, string Value, string Comment)> Data { get; init; }

    /// <summary>The keys of the network.</summary>
    public required IReadOnlyList<(string Key, string Value, string Comment)> Network { get; init; }

    /// <summary>Further keys of the training.</summary>
    public IReadOnlyList<(string Key, string Value, string Comment)> Training { get; init; } = [];

    /// <summary>Rows to train on, about.</summary>
    public required long Rows { get; init; }

    /// <summary>Whether the data are images: steps are slow, and epochs few.</summary>
    public bool AreImages { get; init; }
}
