using System.Globalization;

namespace MlNetDl.Search.Distributions;

/// <summary>A whole number.</summary>
/// <param name="From">The smallest; at least −2⁵³, so that doubles hold it exactly.</param>
/// <param name="To">The largest, itself included when a step meets it; <paramref name="From"/> to 2⁵³.</param>
/// <param name="Step">From one value to the next; 1 to 2⁵³, 1 by default. With
/// <paramref name="Log"/> always 1.</param>
/// <param name="Log">Whether its logarithm is uniform; then <paramref name="From"/> is 1 or more.</param>
public sealed record Integer(long From, long To, long Step = 1, bool Log = false) : Distribution
{
    private const long Exact = 1L << 53;

    /// <summary>How many values there are.</summary>
    public long Count => ((To - From) / Step) + 1;

    /// <summary>The largest value that steps reach.</summary>
    public long Last => From + ((Count - 1) * Step);

    /// <inheritdoc/>
    public override bool IsSingle => Count == 1;

    internal override long? Steps => Count;

    /// <inheritdoc/>
    public override bool Contains(double number) =>
        number >= From && number <= To && number == Math.Floor(number) && ((long)number - From) % Step == 0;

    /// <inheritdoc/>
    public override object ToValue(double number) => (long)number;

    /// <inheritdoc/>
    public override bool TryNumber(Option value, out double number)
    {
        number = Number(value) ?? double.NaN;
        return Contains(number);
    }

    /// <inheritdoc/>
    public override double FromUnit(double unit) => Log
        ? Math.Clamp(Math.Round(Math.Exp(((1 - unit) * Math.Log(From - 0.5)) + (unit * Math.Log(To + 0.5)))), From, To)
        : From + (Step * Math.Min(Math.Floor(unit * Count), Count - 1));

    /// <inheritdoc/>
    public override double ToUnit(double number) => Log
        ? Math.Clamp(Math.Log(number / (From - 0.5)) / Math.Log((To + 0.5) / (From - 0.5)), 0, 1)
        : (((number - From) / Step) + 0.5) / Count;

    internal override double At(long index) => From + (index * Step);

    internal override long IndexOf(double number) => (long)Math.Clamp(Math.Round((number - From) / Step), 0, Count - 1);

    /// <inheritdoc/>
    public override void Validate(string name)
    {
        var problem = this switch
        {
            _ when From > To => "the range [{0}, {1}] is empty; the smaller bound comes first.",
            _ when From < -Exact || To > Exact => "expected whole numbers within ±2^53 but got [{0}, {1}].",
            _ when Step < 1 => "expected a step of 1 or more but got {2}.",
            _ when Step > Exact => "expected a step of 2^53 at most but got {2}.",
            _ when Log && From < 1 => "a logarithmic range lies above zero but [{0}, {1}] does not; start at 1 or more.",
            _ when Log && Step != 1 => "a logarithmic range has no step but got {2}; leave one of the two out.",
            _ => null,
        };
        if (problem is not null)
        {
            throw Refuse(name, string.Format(CultureInfo.InvariantCulture, problem, From, To, Step));
        }
    }
}
