using MlNetDl.Configuration;

namespace MlNetDl.Search;

/// <summary>A property of an options record that is searched in a range: <see cref="double"/> and <see cref="float"/>
/// uniformly, <see cref="int"/> and <see cref="long"/> in whole numbers.</summary>
/// <example><code>
/// [Range, AtLeast(0), Below(1)]       // as far as the property goes; 1 is never suggested
/// public double Dropout { get; init; }
///
/// [Range(8, 64, Step = 8), AtLeast(1)]
/// public int BatchSize { get; init; } = 32;
///
/// [Range(0, 0.5, Step = 0.1)]         // 0, 0.1, 0.2, 0.3, 0.4, 0.5
/// public double Momentum { get; init; }
/// </code></example>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RangeAttribute : Attribute
{
    /// <summary>Searches the whole range that is declared beside the property, by <see cref="AtLeastAttribute"/> or
    /// <see cref="AboveAttribute"/> and <see cref="AtMostAttribute"/> or <see cref="BelowAttribute"/>.</summary>
    public RangeAttribute()
    {
    }

    /// <summary>Searches a range, which lies in the declared one where there is one.</summary>
    /// <param name="from">The smallest value.</param>
    /// <param name="to">The largest value.</param>
    public RangeAttribute(double from, double to) => (From, To) = (from, to);

    /// <summary>The smallest value; <see langword="null"/>: that of the declared range.</summary>
    public double? From { get; }

    /// <summary>The largest value; <see langword="null"/>: that of the declared range.</summary>
    public double? To { get; }

    /// <summary>The difference of neighbouring values, above 0; a whole number for whole numbers. Without it, whole numbers
    /// have a step of 1, and real ones none. Reads as <see cref="double.NaN"/> then, because the members of an attribute cannot
    /// be <see langword="null"/>.</summary>
    public double Step { get; init; } = double.NaN;
}

/// <summary>A property of an options record that is searched in a logarithmic range.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LogRangeAttribute : Attribute
{
    /// <summary>Searches the whole range that is declared beside the property. It must start at a number above 0, as a
    /// logarithmic range is searched mostly near its start.</summary>
    public LogRangeAttribute()
    {
    }

    /// <summary>Searches a range, which lies in the declared one where there is one.</summary>
    /// <param name="from">The smallest value, above 0.</param>
    /// <param name="to">The largest value.</param>
    public LogRangeAttribute(double from, double to) => (From, To) = (from, to);

    /// <summary>The smallest value; <see langword="null"/>: that of the declared range.</summary>
    public double? From { get; }

    /// <summary>The largest value; <see langword="null"/>: that of the declared range.</summary>
    public double? To { get; }
}

/// <summary>A property of an options record that is one of several values. Without values: all of an enum, or both
/// of a <see cref="bool"/>.</summary>
/// <param name="options">The values, of the property's type; numbers lie in the range that is declared
/// beside the property.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ChoiceAttribute(params object?[] options) : Attribute
{
    /// <summary>The values; empty for all.</summary>
    public IReadOnlyList<object?> Options => options;
}

/// <summary>A searched property, or a nested record with searched properties, that exists only where another
/// one has one of the given values; elsewhere it keeps its default. Several must all hold, each on a property
/// of its own.</summary>
/// <param name="property">The other property: its C# name in the same record, such as
/// <c>nameof(Activation)</c>.</param>
/// <param name="values">The values that will do.</param>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class WhenAttribute(string property, params object?[] values) : Attribute
{
    /// <summary>The other property's name.</summary>
    public string Property => property;

    /// <summary>The values that will do.</summary>
    public IReadOnlyList<object?> Values => values;
}
