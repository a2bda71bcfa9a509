using System.Globalization;

namespace MlNetDl.Tests;

/// <summary>A culture that writes numbers in its own way (1,5 and ~1), for as long as it lives: messages must
/// not follow it.</summary>
internal sealed class CommaCulture : IDisposable
{
    private readonly CultureInfo before = CultureInfo.CurrentCulture;

    public CommaCulture()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (
            culture.NumberFormat.NumberDecimalSeparator,
            culture.NumberFormat.NegativeSign,
            culture.NumberFormat.NaNSymbol) = (",", "~", "none");
        CultureInfo.CurrentCulture = culture;
    }

    public void Dispose() => CultureInfo.CurrentCulture = before;
}
