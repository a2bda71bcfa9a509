using MathNet.Numerics.Statistics;

namespace MlNetDl.Sweeps;

/// <summary>Measures several things by turns, so that none pays for the others' compilation or for a busy moment
/// of the machine.</summary>
internal static class Rounds
{
    /// <summary>The medians over rounds of what is measured of each item. A first round compiles and is not counted;
    /// each further one begins with another item.</summary>
    /// <param name="items">How many items.</param>
    /// <param name="rounds">How many rounds count.</param>
    /// <param name="measure">Measures an item in a round; the first has number 0.</param>
    public static double[][] Medians(int items, int rounds, Func<int, int, double[]> measure)
    {
        var measured = Enumerable.Range(0, items).Select(_ => new List<double[]>()).ToArray();
        for (int round = 0; round <= rounds; round++)
        {
            for (int i = 0; i < items; i++)
            {
                int item = (i + round) % items;
                double[] figures = measure(item, round);
                if (round > 0)
                {
                    measured[item].Add(figures);
                }
            }
        }

        return Array.ConvertAll(measured, m => Enumerable.Range(0, m[0].Length).Select(f => m.Select(r => r[f]).Median()).ToArray());
    }
}
