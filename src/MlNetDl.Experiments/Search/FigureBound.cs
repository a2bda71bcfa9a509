using System.Globalization;
using System.Text.RegularExpressions;
using MlNetDl.Search;

namespace MlNetDl.Experiments;

/// <summary>A bound on a figure of a run, as it is written: <c>macs &lt;= 1e6</c>.</summary>
internal static partial class FigureBound
{
    /// <summary>What is wrong with the text; <see langword="null"/> where nothing is.</summary>
    public static string? Problem(string text)
    {
        var match = Written().Match(text);
        return !match.Success || !double.IsFinite(Bound(match))
            ? $"is '{text}', which is no bound; expected a figure, <= or >=, and a number, such as macs <= 1e6."
            : RunFigures.Problem(match.Groups[1].Value);
    }

    /// <summary>The figure that each text bounds; empty where it is no bound.</summary>
    public static IEnumerable<string> Figures(IEnumerable<string> texts) => texts.Select(t => Written().Match(t).Groups[1].Value);

    /// <summary>The bounds that the texts state, one constraint for each figure.</summary>
    public static IEnumerable<Constraint> Constraints(IEnumerable<string> texts) => texts.Select(t => Written().Match(t)).Where(m => m.Success)
        .GroupBy(m => m.Groups[1].Value)
        .Select(g => new Constraint(g.Key)
        {
            AtMost = Ends(g, "<=") is { Count: > 0 } most ? most.Min() : null,
            AtLeast = Ends(g, ">=") is { Count: > 0 } least ? least.Max() : null,
        });

    private static List<double> Ends(IEnumerable<Match> bounds, string sign) =>
        [.. bounds.Where(m => m.Groups[2].Value == sign).Select(Bound)];

    private static double Bound(Match match) => double.Parse(match.Groups[3].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\s*([A-Za-z][A-Za-z0-9_.]*)\s*(<=|>=)\s*([-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?)\s*$")]
    private static partial Regex Written();
}
