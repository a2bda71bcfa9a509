namespace MlNetDl.Experiments;

/// <summary>What a check of an experiment found: what its run would do.</summary>
/// <param name="Name">The experiment's name.</param>
/// <param name="Data">How much data there is and how it was read, with its warnings, a line each.</param>
/// <param name="Rows">Rows to train on, those for validation among them; <see langword="null"/> where the data does not tell.</param>
/// <param name="TestRows">Rows to test with.</param>
/// <param name="Classes">The classes in the order of the outputs; empty where there are none.</param>
/// <param name="Input">The shape of the network's input.</param>
/// <param name="Networks">The networks: one, or one an arm.</param>
/// <param name="Seeds">The seeds of the trainings.</param>
/// <param name="Folder">The run's folder.</param>
/// <param name="Found">What is in it.</param>
public sealed record CheckedExperiment(
    string Name,
    IReadOnlyList<string> Data,
    long? Rows,
    long? TestRows,
    IReadOnlyList<string> Classes,
    string Input,
    IReadOnlyList<CheckedNetwork> Networks,
    IReadOnlyList<int> Seeds,
    string Folder,
    FoundRun Found)
{
    /// <summary>Steps of all trainings, with all seeds; <see langword="null"/> where the number of rows is not known, and for a
    /// sweep.</summary>
    public long? Steps { get; init; }

    /// <summary>About the seconds of all steps on this machine, as measured with a few; <see langword="null"/> where it is not
    /// known.</summary>
    public double? Seconds { get; init; }

    /// <summary>The most trials of a sweep; <see langword="null"/> for trainings.</summary>
    public int? Trials { get; init; }
}

/// <summary>A network that was tried.</summary>
/// <param name="Name">The arm; <see langword="null"/> for an experiment without arms.</param>
/// <param name="Type">Its architecture.</param>
/// <param name="Parameters">Trainable weights; <see langword="null"/> where only the training knows.</param>
public sealed record CheckedNetwork(string? Name, string Type, long? Parameters);
