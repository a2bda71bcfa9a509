using System.Globalization;

namespace MlNetDl.Tests;

/// <summary>Cultures whose forms differ from the invariant ones; made here, because tests run where no
/// others are installed.</summary>
internal static class Cultures
{
    /// <summary>Decimal comma, points between thousands, dates by day.</summary>
    public static CultureInfo German
    {
        get
        {
            var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            culture.NumberFormat.NumberDecimalSeparator = culture.NumberFormat.PercentDecimalSeparator =
                culture.NumberFormat.CurrencyDecimalSeparator = ",";
            culture.NumberFormat.NumberGroupSeparator = culture.NumberFormat.PercentGroupSeparator = ".";
            culture.NumberFormat.NegativeSign = "−";
            culture.NumberFormat.PercentNegativePattern = culture.NumberFormat.PercentPositivePattern = 0;
            culture.DateTimeFormat.ShortDatePattern = "dd.MM.yyyy";
            culture.DateTimeFormat.TimeSeparator = "h";
            return culture;
        }
    }
}
