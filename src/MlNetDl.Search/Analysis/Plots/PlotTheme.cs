using OxyPlot;

namespace MlNetDl.Search.Analysis.Plots;

/// <summary>A colour of plots: one for light and one for dark pages.</summary>
/// <param name="Name">Its CSS class.</param>
/// <param name="Light">The colour on light pages. No two colours share it, because the finished picture is searched for
/// it.</param>
/// <param name="Dark">On dark pages.</param>
internal sealed record ThemeColor(string Name, OxyColor Light, OxyColor Dark);

/// <summary>The one style of all plots. Marks have the colours of Okabe and Ito (2008), which colour-blind people can
/// tell apart; scales are viridis.</summary>
internal static class PlotTheme
{
    /// <summary>How many colours a scale has.</summary>
    public const int Levels = 16;

    public const double FontSize = 14;

    public const string FontFamily = "Helvetica, Arial, 'Liberation Sans', sans-serif";

    // viridis at 0, 0.1, …, 1.
    private static readonly OxyColor[] Viridis =
    [
        Hex("#440154"),
        Hex("#482475"),
        Hex("#414487"),
        Hex("#355f8d"),
        Hex("#2a788e"),
        Hex("#21918c"),
        Hex("#22a884"),
        Hex("#44bf70"),
        Hex("#7ad151"),
        Hex("#bddf26"),
        Hex("#fde725"),
    ];

    public static ThemeColor Ink { get; } = new("ink", Hex("#20242c"), Hex("#e7e9ee"));

    public static ThemeColor Muted { get; } = new("muted", Hex("#8a909b"), Hex("#8b929e"));

    public static ThemeColor Grid { get; } = new("grid", Hex("#e4e6ea"), Hex("#31363f"));

    public static ThemeColor Orange { get; } = new("orange", Hex("#e69f00"), Hex("#e9a820"));

    public static ThemeColor Green { get; } = new("green", Hex("#009e73"), Hex("#1cb68b"));

    public static ThemeColor Blue { get; } = new("blue", Hex("#0072b2"), Hex("#56b4e9"));

    public static ThemeColor Vermillion { get; } = new("vermillion", Hex("#d55e00"), Hex("#f07d2c"));

    public static ThemeColor Purple { get; } = new("purple", Hex("#cc79a7"), Hex("#d68bb5"));

    /// <summary>From best to worst. The best stand out: dark on light pages, bright on dark ones.</summary>
    public static IReadOnlyList<ThemeColor> Scale { get; } = [.. Enumerable.Range(0, Levels)
        .Select(i => (double)i / (Levels - 1))
        .Select((share, i) => new ThemeColor($"v{i}", At(0.92 * share), At(1 - (0.85 * share))))];

    public static IReadOnlyList<ThemeColor> Colors { get; } = [Ink, Muted, Grid, Orange, Green, Blue, Vermillion, Purple, .. Scale];

    /// <summary>Colours for several things of one kind, in order.</summary>
    public static IReadOnlyList<ThemeColor> Series { get; } = [Blue, Vermillion, Green, Orange, Purple];

    public static OxyPalette Palette(bool bestFirst) => new(bestFirst ? Scale.Select(c => c.Light) : Scale.Select(c => c.Light).Reverse());

    public static ThemeColor Of(TrialState state) => state switch
    {
        TrialState.Complete => Blue,
        TrialState.Pruned => Orange,
        TrialState.Failed => Vermillion,
        TrialState.Running => Green,
        TrialState.Cancelled => Purple,
        _ => Muted,
    };

    /// <summary>Rules for the classes of a theme's colours, for dark or light pages.</summary>
    public static string Css(bool dark) => string.Concat(Colors.Select(c =>
        $".p-{c.Name}{{fill:{Text(dark ? c.Dark : c.Light)}}}.s-{c.Name}{{stroke:{Text(dark ? c.Dark : c.Light)}}}"));

    public static string Text(OxyColor color) => $"#{color.R:x2}{color.G:x2}{color.B:x2}";

    private static OxyColor At(double share)
    {
        double place = share * (Viridis.Length - 1);
        int below = Math.Min((int)place, Viridis.Length - 2);
        return OxyColor.Interpolate(Viridis[below], Viridis[below + 1], place - below);
    }

    private static OxyColor Hex(string text) => OxyColor.Parse(text);
}
