namespace MlNetDl.Search.Distributions;

/// <summary>The values a parameter may take. Each value has a <em>number</em>, a double by which it is stored
/// and sampled. </summary>
/// <remarks>A closed kind: there are <see cref="Uniform"/>, <see cref="LogUniform"/>, <see cref="Integer"/> and
/// <see cref="Choice"/>. Samplers treat each in its own way, and stores and YAML name it.</remarks>
public abstract record Distribution
{
    private protected Distribution()
    {
    }

    /// <summary>Whether there is only one value, so that nothing is left to search.</summary>
    public abstract bool IsSingle { get; }

    /// <summary>The distribution that the study has, where this one is the part of it that a trial may have;
    /// <see langword="null"/> otherwise. A part and a range of the same ends are not equal.</summary>
    public Distribution? Whole { get; internal init; }

    /// <summary>How many values there are in steps: of whole numbers, and of real ones with a step;
    /// <see langword="null"/> otherwise.</summary>
    internal virtual long? Steps => null;

    /// <summary>Whether a number stands for one of the values.</summary>
    public abstract bool Contains(double number);

    /// <summary>The value of a number: a <see cref="double"/>, a <see cref="long"/>, or the chosen
    /// option's plain value.</summary>
    public abstract object? ToValue(double number);

    /// <summary>The number of a value that is given as an option, such as a fixed parameter.</summary>
    /// <returns>Whether the value is one of this distribution's.</returns>
    public abstract bool TryNumber(Option value, out double number);

    /// <summary>The number at a share of the distribution: uniform shares give numbers by this distribution.</summary>
    /// <param name="unit">0 to 1.</param>
    public abstract double FromUnit(double unit);

    /// <summary>The share, 0 to 1, at which a number lies; for whole numbers and choices the middle
    /// of its part.</summary>
    public abstract double ToUnit(double number);

    /// <summary>Refuses what is no distribution.</summary>
    /// <param name="name">The parameter's name, for the message.</param>
    /// <exception cref="ArgumentException">The range is empty, a logarithmic range touches zero, options
    /// are equal, …</exception>
    public abstract void Validate(string name);

    /// <summary>The distribution as it stands in YAML, such as <c>{"uniform":[-5,10]}</c>.</summary>
    public sealed override string ToString() => ParameterForm.Of(this).ToJson();

    /// <summary>A value by its place from 0, where there are <see cref="Steps"/>.</summary>
    internal virtual double At(long index) => throw new NotSupportedException($"{this} has no steps.");

    /// <summary>The place of the value nearest to a number, where there are <see cref="Steps"/>.</summary>
    internal virtual long IndexOf(double number) => throw new NotSupportedException($"{this} has no steps.");

    /// <summary>The value nearest to a number; an option's number as it is.</summary>
    internal double Nearest(double number) => this switch
    {
        { Steps: not null } => At(IndexOf(number)),
        Uniform range => Math.Clamp(number, range.From, range.To),
        LogUniform range => Math.Clamp(number, range.From, range.To),
        _ => number,
    };

    private protected static ArgumentException Refuse(string name, string problem) => new($"parameter '{name}': {problem}");

    private protected static double? Number(Option value) => value.Plain() switch
    {
        long whole => whole,
        double number => number,
        _ => null,
    };
}
