using System.Diagnostics;
using System.Globalization;

namespace MlNetDl.Benchmarks;

/// <summary>Contestants take turns in every round, so that whatever else the machine does meets all of them; what is
/// reported are medians of per-round ratios to the first.</summary>
internal static class Interleaved
{
    private const int TurnMs = 100;

    /// <param name="title">What is measured.</param>
    /// <param name="rounds">How often all take their turn, after one round to warm up.</param>
    /// <param name="contestants">Each processes some work and returns its amount (rows, say); it is repeated for the
    /// length of a turn. The first is the reference.</param>
    public static void Run(string title, int rounds, params IReadOnlyList<(string Name, Func<long> Work)> contestants)
    {
        var rates = contestants.Select(_ => new double[rounds]).ToArray();
        for (int round = -1; round < rounds; round++)
        {
            for (int turn = 0; turn < contestants.Count; turn++)
            {
                // Another one begins in every round: none always runs after the same neighbour.
                int i = (turn + Math.Max(round, 0)) % contestants.Count;
                var clock = Stopwatch.StartNew();
                long amount = 0;
                while (clock.ElapsedMilliseconds < TurnMs)
                {
                    amount += contestants[i].Work();
                }

                double rate = amount / clock.Elapsed.TotalSeconds;
                if (round >= 0)
                {
                    rates[i][round] = rate;
                }
            }
        }

        Console.WriteLine($"{title}, {rounds} rounds");
        for (int i = 0; i < contestants.Count; i++)
        {
            var ratios = rates[i].Zip(rates[0], (mine, reference) => mine / reference).Order().ToArray();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {contestants[i].Name,-34} {Median(rates[i].Order().ToArray()),12:N0} rows/s   ratio "
                    + $"{Median(ratios):F3}   [{ratios[0]:F3} … {ratios[^1]:F3}]"));
        }
    }

    private static double Median(double[] sorted) => (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
}
