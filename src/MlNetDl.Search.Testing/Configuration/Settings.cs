using System.Globalization;
using System.Reflection;
using MlNetDl.Configuration;

namespace MlNetDl.Testing;

/// <summary>Settings that no component can mean.</summary>
internal static class Settings
{
    /// <summary>Copies of a record, each with one setting that cannot be meant.</summary>
    /// <param name="record">The record.</param>
    /// <param name="wholeNumber">A whole number that no setting can be; <see langword="null"/> where there is none.
    /// Other numbers are NaN.</param>
    /// <param name="but">Settings of which any value can be meant, such as a seed.</param>
    public static IEnumerable<(T Copy, string What)> Absurd<T>(T record, int? wholeNumber, params string[] but)
        where T : class
    {
        var settable = record.GetType()
            .GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanWrite && !but.Contains(p.Name));
        foreach (var property in settable)
        {
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            object? absurd = type == typeof(double) ? double.NaN
                : type == typeof(float) ? float.NaN
                : type == typeof(int) ? (object?)wholeNumber
                : type == typeof(long) && wholeNumber is { } whole ? (long)whole
                : null;
            if (absurd is not null)
            {
                var copy = Copy(record);
                property.SetValue(copy, absurd);
                yield return (copy, string.Create(CultureInfo.InvariantCulture, $"{property.Name} = {absurd}"));
            }
        }
    }

    /// <summary>An equal record, as <c>with</c> makes it.</summary>
    public static T Copy<T>(T record)
        where T : class =>
        (T)record.GetType().GetMethod("<Clone>$", BindingFlags.Public | BindingFlags.Instance)!.Invoke(record, null)!;

    /// <summary>Makes sure that absurd settings are refused, by declared ranges and rules or where the component is
    /// used, and that the component's own are not.</summary>
    /// <param name="record">The component.</param>
    /// <param name="wholeNumber">A whole number that no setting can be; <see langword="null"/> where
    /// there is none.</param>
    /// <param name="use">Uses a component; <see langword="null"/> where declared ranges and rules must do.</param>
    /// <param name="but">Settings of which any value can be meant.</param>
    public static void MustBeRefused<T>(T record, int? wholeNumber, Action<T>? use = null, params string[] but)
        where T : class
    {
        RecordCheck.Require(record, "component");
        foreach (var (copy, what) in Absurd(record, wholeNumber, but))
        {
            Expect.True(
                RecordCheck.Problems(copy, "component").Count > 0 || (use is not null && Refuses(() => use(copy))),
                $"{what} was taken. Declare its range ([AtLeast(0)] public double …), or say what is wrong in Problems().");
        }
    }

    private static bool Refuses(Action use)
    {
        try
        {
            use();
            return false;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return true;
        }
    }
}
