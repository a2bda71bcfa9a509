namespace MlNetDl.Experiments;

/// <summary>Data for a saved model, as a command names it.</summary>
/// <param name="Name">The name of a data set, the path of a folder of images or of a table; or what <paramref name="Source"/> is called in messages.
/// A name alone never means an experiment's file: give the data of that (<c>Experiment.Load(file).Data</c>) as <paramref name="Source"/>.</param>
/// <param name="Source">The data of an experiment; <see langword="null"/> where the name says all.</param>
public sealed record NamedData(string Name, DataSource? Source = null)
{
    /// <summary>A data set, a folder of images or a table, whose name says all.</summary>
    public static implicit operator NamedData(string name) => new(name);

    /// <summary>A data set, a folder of images or a table, whose name says all.</summary>
    public static NamedData FromString(string name) => new(name);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
