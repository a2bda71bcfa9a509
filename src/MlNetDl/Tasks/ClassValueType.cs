using System.Globalization;

namespace MlNetDl.Tasks;

/// <summary>The type of the classes in the data, before their names became text: that of the label's key
/// values.</summary>
public enum ClassValueType
{
    /// <summary>Words; also where the label's key had no values of a type known here.</summary>
    Text,

    /// <summary>True and false.</summary>
    Boolean,

    /// <summary>Whole numbers, 8 bits, signed.</summary>
    SByte,

    /// <summary>Whole numbers, 16 bits, signed.</summary>
    Int16,

    /// <summary>Whole numbers, 32 bits, signed.</summary>
    Int32,

    /// <summary>Whole numbers, 64 bits, signed.</summary>
    Int64,

    /// <summary>Whole numbers, 8 bits.</summary>
    Byte,

    /// <summary>Whole numbers, 16 bits.</summary>
    UInt16,

    /// <summary>Whole numbers, 32 bits.</summary>
    UInt32,

    /// <summary>Whole numbers, 64 bits.</summary>
    UInt64,

    /// <summary>Numbers, 32 bits.</summary>
    Single,

    /// <summary>Numbers, 64 bits.</summary>
    Double,

    /// <summary>Spans of time.</summary>
    TimeSpan,

    /// <summary>Dates with a time. A local time is kept as its clock shows it, without its zone, so that it is the same
    /// class wherever the model is loaded; UTC stays UTC.</summary>
    DateTime,

    /// <summary>Dates with a time and the offset from UTC.</summary>
    DateTimeOffset,
}

/// <summary>Class values as text, so that reading gives back every bit.</summary>
internal static class ClassValueText
{
    /// <summary>The text of a value, in no country's form.</summary>
    public static string Of<T>(T value) => value switch
    {
        // With an offset, a local time would be read as another time in another zone.
        DateTime { Kind: DateTimeKind.Local } local => Of(DateTime.SpecifyKind(local, DateTimeKind.Unspecified)),
        DateTime or DateTimeOffset => string.Create(CultureInfo.InvariantCulture, $"{value:O}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    };

    /// <summary>The value of a text.</summary>
    /// <exception cref="FormatException">The text is no such value.</exception>
    /// <exception cref="OverflowException">It is out of the type's range.</exception>
    public static object Parse(ClassValueType type, string text)
    {
        var culture = CultureInfo.InvariantCulture;
        return type switch
        {
            ClassValueType.Text => text.AsMemory(),
            ClassValueType.Boolean => bool.Parse(text),
            ClassValueType.SByte => sbyte.Parse(text, culture),
            ClassValueType.Int16 => short.Parse(text, culture),
            ClassValueType.Int32 => int.Parse(text, culture),
            ClassValueType.Int64 => long.Parse(text, culture),
            ClassValueType.Byte => byte.Parse(text, culture),
            ClassValueType.UInt16 => ushort.Parse(text, culture),
            ClassValueType.UInt32 => uint.Parse(text, culture),
            ClassValueType.UInt64 => ulong.Parse(text, culture),
            ClassValueType.Single => float.Parse(text, culture),
            ClassValueType.Double => double.Parse(text, culture),
            ClassValueType.TimeSpan => TimeSpan.Parse(text, culture),
            ClassValueType.DateTime => ClockTime(text),
            ClassValueType.DateTimeOffset => DateTimeOffset.Parse(text, culture, DateTimeStyles.AssumeUniversal),
            _ => throw new FormatException($"unknown type {type}"),
        };
    }

    // Older models have an offset on local times. It is dropped, because the class is the time that the clock showed.
    private static DateTime ClockTime(string text)
    {
        var time = DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
        return time.Kind == DateTimeKind.Local ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).DateTime : time;
    }

    /// <summary>Whether a text is a value of the type.</summary>
    public static bool Fits(ClassValueType type, string text)
    {
        try
        {
            return Parse(type, text) is not null;
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return false;
        }
    }
}
