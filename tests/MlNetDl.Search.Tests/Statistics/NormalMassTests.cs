using MlNetDl.Search.Statistics;

namespace MlNetDl.Search.Tests.Statistics;

/// <summary>Expected values by mpmath with 60 digits, of the bounds as doubles.</summary>
public sealed class NormalMassTests
{
    [Theory]
    [InlineData(-300, -4.5006622732118663e+4)]
    [InlineData(-100, -5.0055242086942051e+3)]
    [InlineData(-40, -8.0460844201375379e+2)]
    [InlineData(-37.5, -7.0766898931750719e+2)]
    [InlineData(-20.5, -2.140667289632638e+2)]
    [InlineData(-20, -2.0391715537109726e+2)]
    [InlineData(-19.5, -1.940169657774975e+2)]
    [InlineData(-10, -5.3231285150512471e+1)]
    [InlineData(-5, -1.5064998393988726e+1)]
    [InlineData(-1, -1.8410216450092635)]
    [InlineData(-0.5, -1.1759117615936186)]
    [InlineData(0, -6.9314718055994531e-1)]
    [InlineData(0.25, -5.1298407540943043e-1)]
    [InlineData(1, -1.7275377902344989e-1)]
    [InlineData(5, -2.8665161296376359e-7)]
    [InlineData(6, -9.8658764552437573e-10)]
    [InlineData(8, -6.2209605742717861e-16)]
    public void The_log_of_the_cumulative_is_exact_in_both_tails(double x, double expected) =>
        Close(expected, NormalMass.LogCumulative(x), 2e-14);

    [Theory]
    [InlineData(-1, 1, -3.8171514630212607e-1)]
    [InlineData(0, 0.5, -1.6530635142555676)]
    [InlineData(-0.25, 3, -5.152413125000841e-1)]
    [InlineData(-100, 100, 0.0)]
    [InlineData(-1e-9, 1e-9, -2.0949057189591139e+1)]
    [InlineData(5, 5.000001, -2.7234451591028294e+1)]
    [InlineData(5, 5.01, -1.8049021013274982e+1)]
    [InlineData(5, 5.02, -1.7380609910760093e+1)]
    [InlineData(8, 9, -3.5013618593437148e+1)]
    [InlineData(30, 31, -4.5432124395634325e+2)]
    [InlineData(-31, -30, -4.5432124395634325e+2)]
    [InlineData(-99, -98.99, -4.9054886205227705e+3)]
    [InlineData(-50, -49.9999, -1.2601267778651499e+3)]
    [InlineData(60, 70, -1.8050135606805671e+3)]
    [InlineData(-0.02, 0.012, -4.3610085746429347)]
    [InlineData(-0.02, 0.02, -4.1378810229617849)]
    [InlineData(12, 12.004, -7.8464306087626425e+1)]
    [InlineData(12, 12.007, -7.7922497676057367e+1)]
    [InlineData(-40, 0, -6.9314718055994531e-1)]
    [InlineData(0, 40, -6.9314718055994531e-1)]
    [InlineData(-40, -39, -7.6508315656437754e+2)]
    [InlineData(3, 300, -6.6077262215103495)]
    public void The_log_of_the_mass_between_bounds_does_not_cancel(double a, double b, double expected) =>
        Close(expected, NormalMass.LogBetween(a, b), 1e-13);

    [Theory]
    [InlineData(-3, 0)]
    [InlineData(0, 100)]
    [InlineData(-0.5, 0.5)]
    [InlineData(-50, 49)]
    public void The_quantile_cuts_the_mass_in_the_given_shares(double a, double b)
    {
        Assert.Equal(a, NormalMass.Quantile(0, a, b), 1e-14 * Math.Abs(a));
        Assert.Equal(b, NormalMass.Quantile(1, a, b), 1e-14 * Math.Abs(b));
        foreach (double share in (double[])[1e-6, 0.001, 0.2, 0.5, 0.7, 0.999])
        {
            double z = NormalMass.Quantile(share, a, b);
            Close(share, Math.Exp(NormalMass.LogBetween(a, z) - NormalMass.LogBetween(a, b)), 1e-9);
        }
    }

    private static void Close(double expected, double actual, double relative) => Assert.True(
        Math.Abs(actual - expected) <= relative * Math.Max(Math.Abs(expected), 1e-300) + (expected == 0 ? relative : 0),
        $"expected {expected:R} but got {actual:R}");
}
