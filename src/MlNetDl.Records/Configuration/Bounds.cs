namespace MlNetDl.Configuration;

/// <summary>A bound of a number, declared beside the property. Checks, JSON schema, lists of keys and documentation
/// follow from it. On a list it bounds each element. NaN and infinities keep to no bound; <see langword="null"/> keeps
/// to every one.</summary>
/// <param name="bound">The bound.</param>
[AttributeUsage(AttributeTargets.Property)]
public abstract class BoundAttribute(double bound) : Attribute
{
    /// <summary>The bound.</summary>
    public double Bound => bound;

    /// <summary>Whether a value keeps to it.</summary>
    public abstract bool Holds(double value);
}

/// <summary>Beside a property that passes on the value of a part: the part has the range too and tells what lies outside, so
/// that it is not told twice.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PassedOnAttribute : Attribute;

/// <summary>The bound or more.</summary>
/// <param name="bound">The least value.</param>
public sealed class AtLeastAttribute(double bound) : BoundAttribute(bound)
{
    /// <inheritdoc/>
    public override bool Holds(double value) => value >= Bound;
}

/// <summary>More than the bound.</summary>
/// <param name="bound">The greatest number that is refused.</param>
public sealed class AboveAttribute(double bound) : BoundAttribute(bound)
{
    /// <inheritdoc/>
    public override bool Holds(double value) => value > Bound;
}

/// <summary>The bound or less.</summary>
/// <param name="bound">The greatest value.</param>
public sealed class AtMostAttribute(double bound) : BoundAttribute(bound)
{
    /// <inheritdoc/>
    public override bool Holds(double value) => value <= Bound;
}

/// <summary>Less than the bound.</summary>
/// <param name="bound">The least number that is refused.</param>
public sealed class BelowAttribute(double bound) : BoundAttribute(bound)
{
    /// <inheritdoc/>
    public override bool Holds(double value) => value < Bound;
}
