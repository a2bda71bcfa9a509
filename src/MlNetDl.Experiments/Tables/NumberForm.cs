using System.Globalization;
using System.Text.RegularExpressions;

namespace MlNetDl.Experiments;

/// <summary>How numbers of a column are written: the decimal mark, and what stands around them.</summary>
/// <param name="Decimal">A point or a comma. Groups of three digits may be set apart by the other one, by blanks and by apostrophes.</param>
/// <param name="Around">What stands around each number: <c>%</c>, a currency, or nothing.</param>
/// <param name="IsDressed">Whether some are written with groups, brackets or other signs.</param>
internal sealed partial record NumberForm(char Decimal, string Around = "", bool IsDressed = false)
{
    private const string Codes = "USD|EUR|GBP|JPY|CHF|CAD|AUD|NZD|CNY|INR|BRL|MXN|SEK|NOK|DKK|PLN|CZK|HUF|RON|TRY|RUB|ZAR|KRW|SGD|HKD|ILS|THB";

    /// <summary>A number such as <c>-1.5e3</c>.</summary>
    public static readonly NumberForm Plain = new('.');

    /// <summary>Whether numbers look as a program writes them.</summary>
    public bool IsPlain => this == Plain;

    /// <summary>What stands around a number: <c>%</c>, a currency's sign or code, or nothing; <see langword="null"/> where the value is no number with any of
    /// these.</summary>
    /// <param name="value">The value.</param>
    /// <param name="core">The number without it.</param>
    public static string? AroundOf(ReadOnlySpan<char> value, out string core)
    {
        var match = Dressed().Match(value.ToString());
        core = "";
        if (!match.Success)
        {
            return null;
        }

        var (before, behind) = (match.Groups["before"].Value, match.Groups["behind"].Value);
        bool isNegative = match.Groups["open"].Success;
        // Two signs, two currencies, or half a bracket are none.
        if ((before.Length > 0 && behind.Length > 0) || isNegative != match.Groups["close"].Success)
        {
            return null;
        }

        var sign = (match.Groups["first"].Value + match.Groups["second"].Value + match.Groups["third"].Value).Replace('−', '-');
        if (sign.Length > 1 || (isNegative && sign.Length > 0))
        {
            return null;
        }

        core = (isNegative || sign == "-" ? "-" : "") + match.Groups["core"].Value;
        return before + behind;
    }

    /// <summary>A number without what stands around it; <see langword="null"/> where it is none with this decimal mark.</summary>
    public static double? Read(string core, char mark)
    {
        if (mark == '.' && double.TryParse(core, NumberStyles.Float, CultureInfo.InvariantCulture, out double plain))
        {
            return plain;
        }

        var groups = mark == '.' ? PointGroups() : CommaGroups();
        if (!groups.IsMatch(core))
        {
            return null;
        }

        var digits = Blanks().Replace(core, "").Replace(mark == '.' ? "," : ".", "", StringComparison.Ordinal).Replace(mark, '.');
        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;
    }

    /// <summary>A number in this form; <see langword="null"/> for none.</summary>
    public float? Read(ReadOnlySpan<char> value)
    {
        if (IsPlain)
        {
            return float.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out float plain) && float.IsFinite(plain) ? plain : null;
        }

        return AroundOf(value, out var core) == Around && Read(core, Decimal) is { } number && double.IsFinite(number) ? (float)number : null;
    }

    /// <summary>The form in words.</summary>
    public override string ToString() => $"decimal {(Decimal == '.' ? "point" : "comma")}{(Around.Length > 0 ? $", '{Around}'" : "")}";

    // A sign, a currency and a bracket around what begins and ends with a digit or a mark.
    [GeneratedRegex(
        @"^(?<open>\()?(?<first>[-+−])?\s*(?<before>[$€£¥₹₽₩]|R\$|kr|(?:" + Codes + @")(?=[\s\d]))?\s*(?<second>[-+−])?"
            + @"(?<core>[\d.,](?:[\d.,\s'’eE+-]*[\d.,])?)(?<third>-)?\s*(?<behind>%|[$€£¥₹₽₩]|" + Codes + @"|kr|zł)?(?<close>\))?$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Dressed();

    [GeneratedRegex(@"^-?(?:[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,2}(?:[\s'’]\d{3})+|\d*)(?:\.\d+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex PointGroups();

    [GeneratedRegex(@"^-?(?:[1-9]\d{0,2}(?:\.\d{3})+|[1-9]\d{0,2}(?:[\s'’]\d{3})+|\d*)(?:,\d+)?(?:[eE][-+]?\d+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex CommaGroups();

    [GeneratedRegex(@"[\s'’]")]
    private static partial Regex Blanks();
}
