using System.Globalization;

namespace MlNetDl.Commands;

/// <summary>Figures as text.</summary>
internal static class Figures
{
    public static string Text(
        IReadOnlyDictionary<string, double> figures, IReadOnlyDictionary<string, double>? deviations = null) =>
        string.Join(", ", figures.Select(f => $"{f.Key} {Number(f.Key, f.Value)}"
            + $"{(deviations is null ? "" : $" ± {Number(f.Key, deviations[f.Key])}")}"));

    /// <summary>The figures that are defined; all where none is, as for a model whose scores are no numbers.</summary>
    public static IReadOnlyDictionary<string, double> Defined(IReadOnlyDictionary<string, double> figures) =>
        figures.Values.All(double.IsNaN) ? figures : figures.Where(f => !double.IsNaN(f.Value)).ToDictionary();

    /// <summary>A count of things: <c>1 epoch</c>, <c>6 epochs</c>.</summary>
    public static string Count(long count, string thing) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {thing}{(count == 1 ? "" : "s")}");

    public static string Number(string name, double value) => name.Contains("ccuracy", StringComparison.Ordinal)
        ? value.ToString("P2", CultureInfo.InvariantCulture).Replace(" ", "", StringComparison.Ordinal)
        : value.ToString("G5", CultureInfo.InvariantCulture);

    /// <summary>A time that is left or has passed: <c>40 s</c>, <c>3 min 5 s</c>, <c>2 h 10 min</c>.</summary>
    public static string Time(TimeSpan time) => time.TotalMinutes < 1 ? $"{time.Seconds} s"
        : time.TotalHours < 1 ? $"{time.Minutes} min {time.Seconds} s"
        : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min");
}
