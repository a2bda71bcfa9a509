using System.Globalization;

namespace MlNetDl.Cli;

/// <summary>Figures as text.</summary>
internal static class Figures
{
    public static string Text(IReadOnlyDictionary<string, double> figures, IReadOnlyDictionary<string, double>? deviations = null) =>
        string.Join(", ", figures.Select(f => $"{f.Key} {Number(f.Key, f.Value)}{(deviations is null ? "" : $" ± {Number(f.Key, deviations[f.Key])}")}"));

    public static string Number(string name, double value) => name.Contains("ccuracy", StringComparison.Ordinal)
        ? value.ToString("P2", CultureInfo.InvariantCulture).Replace(" ", "", StringComparison.Ordinal)
        : value.ToString("G5", CultureInfo.InvariantCulture);
}
