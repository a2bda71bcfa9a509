using System.Globalization;

namespace MlNetDl.Search.Distributions;

/// <summary>A real number, each equally likely.</summary>
/// <param name="From">The smallest, finite.</param>
/// <param name="To">The largest, finite; <paramref name="From"/> or more.</param>
public sealed record Uniform(double From, double To) : Distribution
{
    /// <inheritdoc/>
    public override bool IsSingle => From == To;

    /// <inheritdoc/>
    public override bool Contains(double number) => number >= From && number <= To;

    /// <inheritdoc/>
    public override object ToValue(double number) => number;

    /// <inheritdoc/>
    public override bool TryNumber(Option value, out double number)
    {
        number = Number(value) ?? double.NaN;
        return Contains(number);
    }

    /// <inheritdoc/>
    public override double FromUnit(double unit) => Math.Clamp(((1 - unit) * From) + (unit * To), From, To);

    /// <inheritdoc/>
    public override double ToUnit(double number) => IsSingle ? 0.5 : Math.Clamp((number - From) / (To - From), 0, 1);

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
    }
}
