namespace MlNetDl.MlNet;

/// <summary>The loaded ML.NET lacks internal members that saving, loading and training models need.</summary>
/// <remarks>ML.NET has no public way to persist a transformer, so this library uses some of its internals. They may
/// change with any version.</remarks>
public sealed class MlNetVersionException : NotSupportedException
{
    internal MlNetVersionException(
        IReadOnlyList<(string Assembly, string Version)> found, IReadOnlyList<string> missing)
        : base("This version of ML.NET does not suit MlNetDl: found "
            + $"{string.Join(", ", found.Select(f => $"{f.Assembly} {f.Version}"))}; supported is {Supported}. It "
            + $"lacks {string.Join(", ", missing)}. Reference Microsoft.ML {Supported} in the application, or a "
            + "version of MlNetDl made for this ML.NET.") =>
        Missing = missing;

    /// <summary>The version of ML.NET that this library is made for; others work as long as they have the
    /// same internal members.</summary>
    public const string Supported = "5.0.1";

    /// <summary>The members that are not there, with their types.</summary>
    public IReadOnlyList<string> Missing { get; }
}
