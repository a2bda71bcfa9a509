namespace MlNetDl.Search.Distributions;

/// <summary>One of several options without an order. Its number is the option's index.</summary>
/// <param name="Options">The options, at least one and none twice.</param>
public sealed record Choice(ValueList<Option> Options) : Distribution
{
    /// <summary>A choice of these values.</summary>
    /// <exception cref="NotSupportedException">A value has no JSON form.</exception>
    /// <exception cref="ArgumentException">A value is or holds NaN or an infinity.</exception>
    public static Choice Of<T>(params IReadOnlyList<T> options) => new(options.Select(o => Option.Of(o)).ToValueList());

    internal static Choice Named<T>(string parameter, IReadOnlyList<T> options) =>
        new(options.Select(o => Option.Of("parameter", parameter, o)).ToValueList());

    /// <summary>How many options there are.</summary>
    public int Count => Options.Count;

    /// <inheritdoc/>
    public override bool IsSingle => Count == 1;

    /// <inheritdoc/>
    public override bool Contains(double number) => number >= 0 && number < Count && number == Math.Floor(number);

    /// <inheritdoc/>
    public override object? ToValue(double number) => Options[(int)number].Plain();

    /// <inheritdoc/>
    public override bool TryNumber(Option value, out double number)
    {
        number = Options.AsSpan().IndexOf(value);
        return number >= 0;
    }

    /// <inheritdoc/>
    public override double FromUnit(double unit) => Math.Min(Math.Floor(unit * Count), Count - 1);

    /// <inheritdoc/>
    public override double ToUnit(double number) => (number + 0.5) / Count;

    /// <inheritdoc/>
    public override void Validate(string name)
    {
        if (Count == 0)
        {
            throw Refuse(name, "a choice has at least one option but this has none.");
        }

        if (Options.FirstOrDefault(o => !o.IsFinite) is { Json: not null } infinite)
        {
            throw Refuse(name, $"the option {infinite.Json} is or holds a number beyond those of a double; take finite numbers.");
        }

        if (Options.GroupBy(o => o).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw Refuse(name, $"the option {twice.Key.Json} stands in the choice {twice.Count()} times; give it once.");
        }
    }
}
