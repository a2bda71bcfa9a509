using MlNetDl.Search.Distributions;

namespace MlNetDl.Search.Analysis;

/// <summary>A surface over two parameters through scattered points; see <see cref="Contour"/> for the method.</summary>
internal sealed class LocalRegression
{
    private const double Reach = 2.5;

    private readonly Distribution x, y;
    private readonly (double X, double Y, double Value)[] points;
    private readonly double bandwidth, least, most;

    public LocalRegression(Distribution x, Distribution y, IReadOnlyList<RankPoint> points)
    {
        (this.x, this.y) = (x, y);
        this.points = [.. points.Where(p => double.IsFinite(p.Value)).Select(p => (Place(x, p.X), Place(y, p.Y), p.Value))];
        bandwidth = 0.2 * Math.Pow(Math.Max(1, this.points.Length), -1.0 / 6);
        (least, most) = this.points.Length == 0 ? (0, 0) : (this.points.Min(p => p.Value), this.points.Max(p => p.Value));
    }

    /// <summary>The surface at two numbers; <see langword="null"/> where no trial is near.</summary>
    public double? At(double atX, double atY)
    {
        double u = Place(x, atX), v = Place(y, atY), nearest = double.PositiveInfinity;

        // Sums of the weighted normal equations of value = a + b·du + c·dv.
        double w = 0, wu = 0, wv = 0, wuu = 0, wuv = 0, wvv = 0, wz = 0, wuz = 0, wvz = 0;
        foreach (var (px, py, value) in points)
        {
            double du = (px - u) / bandwidth, dv = (py - v) / bandwidth, square = (du * du) + (dv * dv);
            nearest = Math.Min(nearest, square);
            if (square > 36)
            {
                continue;
            }

            // Values around their smallest, so that large offsets do not cost digits.
            double weight = Math.Exp(-square / 2), z = value - least;
            w += weight;
            wu += weight * du;
            wv += weight * dv;
            wuu += weight * du * du;
            wuv += weight * du * dv;
            wvv += weight * dv * dv;
            wz += weight * z;
            wuz += weight * du * z;
            wvz += weight * dv * z;
        }

        if (!(nearest <= Reach * Reach))
        {
            return null;
        }

        // Around the weighted centre; the ridge only matters where points lie in a line or are one.
        double mu = wu / w, mv = wv / w, mz = wz / w, ridge = 1e-9 * w;
        double suu = wuu - (wu * mu) + ridge,
            suv = wuv - (wu * mv),
            svv = wvv - (wv * mv) + ridge,
            suz = wuz - (wu * mz),
            svz = wvz - (wv * mz);
        double determinant = (suu * svv) - (suv * suv);
        double b = ((svv * suz) - (suv * svz)) / determinant, c = ((suu * svz) - (suv * suz)) / determinant;
        double surface = Math.Clamp(least + mz - (b * mu) - (c * mv), least, most);

        // Values near the largest double overflow the sums.
        return double.IsFinite(surface) ? surface : null;
    }

    // Options lie so far apart that none has a weight at another.
    private static double Place(Distribution distribution, double number) => distribution is Choice ? 100 * number
        : distribution.IsSingle ? 0.5
        : distribution is { Steps: { } count } and not Integer { Log: true }
            ? (number - distribution.At(0)) / (distribution.At(count - 1) - distribution.At(0))
        : distribution.ToUnit(number);
}
