using System.Globalization;
using System.Reflection;
using System.Text.Json;
using MlNetDl.Configuration;
using MlNetDl.Search.Distributions;

namespace MlNetDl.Search;

/// <summary>Between which numbers a property is searched: those of its attribute, or the ends of the range that is
/// declared beside it.</summary>
internal static class SearchBounds
{
    /// <summary>The smallest and the largest number, both of which the property may have.</summary>
    /// <param name="property">The property.</param>
    /// <param name="name">The parameter's name, for messages.</param>
    /// <param name="attribute">What says that it is searched: <c>Range</c> or <c>LogRange</c>.</param>
    /// <param name="from">The smallest number that the attribute says, if it says any.</param>
    /// <param name="to">The largest number.</param>
    /// <param name="isLog">Whether the range is logarithmic.</param>
    /// <exception cref="ArgumentException">The attribute leaves the declared range, or says no numbers and the range
    /// has an end too few.</exception>
    public static (double From, double To) Of(PropertyInfo property, string name, string attribute, double? from, double? to, bool isLog)
    {
        var declared = DeclaredRange.Of(property);
        if (from is { } least && to is { } most)
        {
            Check(declared, name, $"[{attribute}({Text(least)}, {Text(most)})]", least, most);
            return (least, most);
        }

        if (declared is not { Lower: { } lower, Upper: { } upper } || (isLog && lower.Bound <= 0))
        {
            var problem = declared is null ? "none is declared beside it"
                : declared.Lower is null ? $"that is {declared}, without a lower end"
                : declared.Upper is null ? $"that is {declared}, without an upper end"
                : $"that is {declared}, and a logarithmic range starts at a number above 0";
            var example = $"[{attribute}({EndText(declared?.Lower, isLog, "from")}, {EndText(declared?.Upper, isLog, "to")})]";
            throw new ArgumentException($"parameter '{name}': [{attribute}] without numbers searches the property's "
                + $"declared range, but {problem}. Write {example} with numbers, or complete the declared range.");
        }

        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return (End(lower, type, up: true), End(upper, type, up: false));
    }

    /// <summary>All values of a property that declares them: a flag's, an enumeration's, or those between both ends of
    /// the declared range.</summary>
    /// <exception cref="ArgumentException">It declares too little.</exception>
    public static Distribution Whole(PropertyInfo property, string name)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (type == typeof(bool))
        {
            return Choice.Of(false, true);
        }

        if (type.IsEnum)
        {
            return Choice.Of(Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName).ToArray());
        }

        var declared = DeclaredRange.Of(property);
        if (declared is not { Lower: { } lower, Upper: { } upper })
        {
            var problem = declared is null ? "it declares no range"
                : $"its declared range is {declared}, without {(declared.Lower is null ? "a lower" : "an upper")} end";
            throw new ArgumentException($"is auto, but {problem}; write a range, such as {{ logUniform: [from, to] }}, or a choice.");
        }

        var (from, to) = (End(lower, type, up: true), End(upper, type, up: false));
        return type == typeof(int) || type == typeof(long) ? new Integer((long)from, (long)to) : new Uniform(from, to);
    }

    /// <summary>Refuses values of a choice that the property may not have.</summary>
    public static void Check(PropertyInfo property, string name, IEnumerable<object?> options)
    {
        var declared = DeclaredRange.Of(property);
        foreach (var option in options.Where(o => o is int or long or float or double))
        {
            double number = Convert.ToDouble(option, CultureInfo.InvariantCulture);
            Check(declared, name, $"[Choice] with {Text(number)}", number);
        }
    }

    private static void Check(DeclaredRange? declared, string name, string said, params ReadOnlySpan<double> numbers)
    {
        foreach (double number in numbers)
        {
            if (declared?.Contains(number) == false)
            {
                throw new ArgumentException(
                    $"parameter '{name}': {said} leaves the property's declared range, {declared}: {Text(number)} is "
                        + "not in it. Narrow what is searched, or widen the declared range.");
            }
        }
    }

    // The bound where it belongs to the range, else the next number of the property's type that does.
    private static double End(BoundAttribute bound, Type type, bool up)
    {
        if (type == typeof(float))
        {
            float single = (float)bound.Bound;
            return bound.Holds(single) ? single : up ? MathF.BitIncrement(single) : MathF.BitDecrement(single);
        }

        if (type == typeof(int) || type == typeof(long))
        {
            double whole = up ? Math.Ceiling(bound.Bound) : Math.Floor(bound.Bound);
            return bound.Holds(whole) ? whole : up ? whole + 1 : whole - 1;
        }

        return bound.Holds(bound.Bound) ? bound.Bound : up ? Math.BitIncrement(bound.Bound) : Math.BitDecrement(bound.Bound);
    }

    private static string EndText(BoundAttribute? bound, bool isLog, string missing) =>
        bound is null || (isLog && bound.Bound <= 0) ? missing : Text(bound.Bound);

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
