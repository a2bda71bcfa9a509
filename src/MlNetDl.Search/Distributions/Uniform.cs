using System.Globalization;
using System.Runtime.CompilerServices;

namespace MlNetDl.Search.Distributions;

/// <summary>A real number, each equally likely.</summary>
/// <param name="From">The smallest, finite.</param>
/// <param name="To">The largest, finite; <paramref name="From"/> or more. With a step it is a value when a step meets
/// it.</param>
/// <param name="Step">From one value to the next, above 0 and no more than the range. Values are
/// <paramref name="From"/> + k · <paramref name="Step"/>, computed in decimals: with a step of 0.1 from 0 the third is 0.3.
/// By default there is no step, and every number of the range is a value.</param>
public sealed record Uniform(double From, double To, double? Step = null) : Distribution
{
    private const long MostValues = 1L << 53;

    // Not a member, because members count in comparisons of records.
    private static readonly ConditionalWeakTable<Uniform, StepGrid> Grids = [];

    /// <summary>How many values there are; <see langword="null"/> without a step.</summary>
    public long? Count => Grid?.Count;

    /// <summary>The largest value that steps reach; <see cref="To"/> without a step.</summary>
    public double Last => Grid is { } grid ? grid.At(grid.Count - 1) : To;

    /// <inheritdoc/>
    public override bool IsSingle => From == To || Count == 1;

    internal override long? Steps => Count;

    private StepGrid? Grid => Step is null ? null : Grids.GetValue(this, static range => range.Whole is Uniform { Grid: { } whole }
        ? whole.Part(whole.Near(range.From), whole.Near(range.To))
        : new(range.From, range.To, range.Step!.Value));

    /// <inheritdoc/>
    public override bool Contains(double number) =>
        number >= From && number <= To && (Grid is not { } grid || grid.At(grid.Near(number)) == number);

    /// <inheritdoc/>
    public override object ToValue(double number) => number;

    /// <inheritdoc/>
    /// <remarks>With a step, a number that differs from a value by the rounding of sums is that value: 0.1 + 0.2 is
    /// 0.3.</remarks>
    public override bool TryNumber(Option value, out double number)
    {
        number = Number(value) ?? double.NaN;
        if (Grid is { } grid && grid.At(grid.Near(number)) is var near && Math.Abs(near - number) <= 1e-9 * Step)
        {
            number = near;
        }

        return Contains(number);
    }

    /// <inheritdoc/>
    public override double FromUnit(double unit) => Grid is { } grid
        ? grid.At((long)Math.Min(Math.Floor(unit * grid.Count), grid.Count - 1))
        : Math.Clamp(((1 - unit) * From) + (unit * To), From, To);

    /// <inheritdoc/>
    public override double ToUnit(double number) => IsSingle ? 0.5
        : Grid is { } grid ? (grid.Near(number) + 0.5) / grid.Count
        : Math.Clamp((number - From) / (To - From), 0, 1);

    /// <inheritdoc/>
    public override void Validate(string name)
    {
        if (!(double.IsFinite(From) && double.IsFinite(To) && double.IsFinite(To - From)))
        {
            throw Refuse(name, string.Create(CultureInfo.InvariantCulture, $"expected a range of finite numbers but got [{From}, {To}]."));
        }

        if (From > To)
        {
            throw Refuse(
                name,
                string.Create(CultureInfo.InvariantCulture,
                    $"the range [{From}, {To}] is empty; the smaller bound comes first."));
        }

        if (Step is { } step && StepProblem(step) is { } problem)
        {
            throw Refuse(name, string.Format(CultureInfo.InvariantCulture, problem, From, To, step));
        }
    }

    internal override double At(long index) => Grid!.At(index);

    internal override long IndexOf(double number) => Grid!.Near(number);

    private string? StepProblem(double step)
    {
        double largest = Math.Max(Math.Abs(From), Math.Abs(To));
        return this switch
        {
            _ when !(double.IsFinite(step) && step > 0) => "expected a step above 0 but got {2}; leave it out to search all numbers.",
            _ when From < To && Count == 1 => "the step {2} is greater than the range [{0}, {1}], so it has one value only; take a smaller one.",
            _ when step < Math.BitIncrement(largest) - largest || Count > MostValues =>
                "the step {2} is too small for the range [{0}, {1}]: doubles do not tell its values apart; leave it out to search all numbers.",
            _ => null,
        };
    }
}
