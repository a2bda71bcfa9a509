namespace MlNetDl.Experiments;

/// <summary>What numbers count that stand for moments: since the beginning of 1970, in UTC.</summary>
public enum TimestampUnit
{
    /// <summary>Seconds, as Unix has them.</summary>
    Seconds,

    /// <summary>Thousandths of a second, as JavaScript and Java have them.</summary>
    Milliseconds,

    /// <summary>Millionths of a second.</summary>
    Microseconds,

    /// <summary>Billionths of a second, as pandas has them.</summary>
    Nanoseconds,
}

/// <summary>Whether times say how far they are from UTC.</summary>
internal enum DateZone
{
    /// <summary>They do not.</summary>
    None,

    /// <summary>They are those of UTC.</summary>
    Utc,

    /// <summary>Some are of other zones.</summary>
    Offset,
}
