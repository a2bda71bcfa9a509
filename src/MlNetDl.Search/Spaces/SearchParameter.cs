using MlNetDl.Search.Distributions;

namespace MlNetDl.Search;

/// <summary>A parameter of a declared space.</summary>
/// <param name="Name">Its name; with nested options a dotted path such as
/// <c>training.optimizer.learningRate</c>.</param>
/// <param name="Distribution">Its values.</param>
public sealed record SearchParameter(string Name, Distribution Distribution)
{
    /// <summary>It exists only where all of these hold; always when empty, as by default.</summary>
    public ValueList<Condition> When { get; init; } = [];

    /// <summary>The name of a parameter that it is never below in a trial; none by default. The other one stands earlier in
    /// the space, is a range too, and exists wherever this one does.</summary>
    public string? AtLeast { get; init; }

    /// <summary>The name of a parameter that it is never above in a trial; none by default. The other one stands earlier in
    /// the space, is a range too, and exists wherever this one does.</summary>
    /// <remarks>Ranges must fit: whatever value the other one has, this one has some value.</remarks>
    public string? AtMost { get; init; }

    /// <summary>Whether other parameters narrow its range.</summary>
    internal bool IsBounded => AtLeast is not null || AtMost is not null;
}

/// <summary>That another parameter exists and has one of the given values.</summary>
/// <param name="Parameter">The other parameter's name; it stands earlier in the space.</param>
/// <param name="Values">The values that will do.</param>
public sealed record Condition(string Parameter, ValueList<Option> Values);

/// <summary>A bound on something that a trial measures beside its objective, such as latency or size. A trial outside
/// is infeasible and never the best.</summary>
/// <param name="Name">What is measured; the objective gives it by <see cref="Trial.Constrain"/>.</param>
public sealed record Constraint(string Name)
{
    /// <summary>The largest value allowed; none by default.</summary>
    public double? AtMost { get; init; }

    /// <summary>The smallest value allowed; none by default.</summary>
    public double? AtLeast { get; init; }

    /// <summary>By how much a value lies outside: 0 or less within, NaN for NaN.</summary>
    public double Violation(double value) => Math.Max(
        AtMost is { } most ? value - most : double.NegativeInfinity,
        AtLeast is { } least ? least - value : double.NegativeInfinity);
}
