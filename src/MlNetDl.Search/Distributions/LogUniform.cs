using System.Globalization;

namespace MlNetDl.Search.Distributions;

/// <summary>A positive real number whose logarithm is uniform: for learning rates and what else is searched over
/// orders of magnitude.</summary>
/// <param name="From">The smallest, above 0.</param>
/// <param name="To">The largest, finite; <paramref name="From"/> or more.</param>
public sealed record LogUniform(double From, double To) : Distribution
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
    public override double FromUnit(double unit) => Math.Clamp(Math.Exp(((1 - unit) * Math.Log(From)) + (unit * Math.Log(To))), From, To);

    /// <inheritdoc/>
    public override double ToUnit(double number) =>
        IsSingle ? 0.5 : Math.Clamp((Math.Log(number) - Math.Log(From)) / (Math.Log(To) - Math.Log(From)), 0, 1);

    /// <inheritdoc/>
    public override void Validate(string name)
    {
        if (!(double.IsFinite(From) && double.IsFinite(To)))
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

        if (From <= 0)
        {
            throw Refuse(
                name,
                string.Create(CultureInfo.InvariantCulture,
                    $"a logarithmic range lies above zero but [{From}, {To}] does not; start above 0 or use uniform."));
        }
    }
}
