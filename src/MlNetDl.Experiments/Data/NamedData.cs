namespace MlNetDl.Experiments;

/// <summary>Data for a saved model, as a command names it.</summary>
/// <param name="Name">The name of a data set, the path of a folder of images or of a table; or what <paramref name="Source"/> is called in messages.</param>
/// <param name="Source">The data of an experiment's file; <see langword="null"/> where the name says all.</param>
public sealed record NamedData(string Name, DataSource? Source = null)
{
    /// <summary>Data whose name says all.</summary>
    public static implicit operator NamedData(string name) => new(name);

    /// <summary>Data whose name says all.</summary>
    public static NamedData FromString(string name) => new(name);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
