using System.Globalization;
using System.Runtime.CompilerServices;

namespace MlNetDl.Search.Pruners;

/// <summary>Refuses numbers out of range. The framework's own throw helpers let NaN pass.</summary>
internal static class Refuse
{
    /// <exception cref="ArgumentOutOfRangeException">The value is NaN or not within the bounds.</exception>
    public static void Outside(double value, double from, double to, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!(value >= from && value <= to))
        {
            throw new ArgumentOutOfRangeException(name, string.Create(CultureInfo.InvariantCulture, $"{name} must be {from} to {to} but is {value}."));
        }
    }
}
