namespace MlNetDl.Search;

/// <summary>A property of an options record that is searched in a range: <see cref="double"/> and <see cref="float"/> uniformly,
/// <see cref="int"/> and <see cref="long"/> in whole numbers.</summary>
/// <param name="from">The smallest value.</param>
/// <param name="to">The largest value.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RangeAttribute(double from, double to) : Attribute
{
    /// <summary>The smallest value.</summary>
    public double From => from;

    /// <summary>The largest value.</summary>
    public double To => to;

    /// <summary>From one whole number to the next; 1 by default.</summary>
    public long Step { get; init; } = 1;
}

/// <summary>A property of an options record that is searched in a logarithmic range.</summary>
/// <param name="from">The smallest value, above 0.</param>
/// <param name="to">The largest value.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LogRangeAttribute(double from, double to) : Attribute
{
    /// <summary>The smallest value.</summary>
    public double From => from;

    /// <summary>The largest value.</summary>
    public double To => to;
}

/// <summary>A property of an options record that is one of several values. Without values: all of an enum, or both of a <see cref="bool"/>.</summary>
/// <param name="options">The values, of the property's type.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ChoiceAttribute(params object?[] options) : Attribute
{
    /// <summary>The values; empty for all.</summary>
    public IReadOnlyList<object?> Options => options;
}

/// <summary>A searched property, or a nested record with searched properties, that exists only where another one has one of the given
/// values; elsewhere it keeps its default. Several must all hold, each on a property of its own.</summary>
/// <param name="property">The other property: its C# name in the same record, such as <c>nameof(Activation)</c>.</param>
/// <param name="values">The values that will do.</param>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class WhenAttribute(string property, params object?[] values) : Attribute
{
    /// <summary>The other property's name.</summary>
    public string Property => property;

    /// <summary>The values that will do.</summary>
    public IReadOnlyList<object?> Values => values;
}
