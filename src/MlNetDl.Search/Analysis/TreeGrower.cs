using MlNetDl.Search.Samplers;

namespace MlNetDl.Search.Analysis;

/// <summary>Grows a regression tree until its leaves are pure (Breiman et al. 1984, "Classification and regression
/// trees"), always by the split that leaves the least squared error.</summary>
/// <remarks>Options of a choice are ordered by their mean value; the best split into two sets is then among the splits
/// of that order (Fisher 1958, "On grouping for maximum homogeneity").</remarks>
/// <param name="options">How many options each parameter has; 0 for a range.</param>
/// <param name="rows">The places in the unit cube, or options, of each example.</param>
/// <param name="values">The value of each example.</param>
/// <param name="maxDepth">The depth at which the tree ends.</param>
/// <param name="random">Decides between splits that are equally good.</param>
internal sealed class TreeGrower(int[] options, double[][] rows, double[] values, int maxDepth, TrialRandom random)
{
    private readonly List<TreeLeaf> leaves = [];

    public IReadOnlyList<TreeLeaf> Grow()
    {
        Grow([.. Enumerable.Range(0, rows.Length)], new double[options.Length], [.. options.Select(_ => 1.0)],
            [.. options.Select(o => o == 0 ? null : Enumerable.Repeat(true, o).ToArray())], 0);
        return leaves;
    }

    private void Grow(int[] examples, double[] from, double[] to, bool[]?[] sets, int depth)
    {
        double first = values[examples[0]];
        bool isPure = Array.TrueForAll(examples, e => values[e] == first);
        var split = isPure || depth == maxDepth ? null : Best(examples);
        if (split is null)
        {
            leaves.Add(new(from, to, sets, isPure ? first : examples.Average(e => values[e])));
            return;
        }

        int parameter = split.Parameter;
        if (split.Left is { } left)
        {
            var here = sets[parameter]!;
            bool[]?[] lower = [.. sets], upper = [.. sets];

            // Options without examples here go to the larger side.
            bool[] present = new bool[here.Length];
            Array.ForEach(examples, e => present[(int)rows[e][parameter]] = true);
            bool restLeft = examples.Count(e => left[(int)rows[e][parameter]]) * 2 >= examples.Length;
            lower[parameter] = [.. here.Select((h, i) => h && (present[i] ? left[i] : restLeft))];
            upper[parameter] = [.. here.Select((h, i) => h && !(present[i] ? left[i] : restLeft))];
            Grow(Array.FindAll(examples, e => left[(int)rows[e][parameter]]), from, to, lower, depth + 1);
            Grow(Array.FindAll(examples, e => !left[(int)rows[e][parameter]]), from, to, upper, depth + 1);
            return;
        }

        double[] end = [.. to], start = [.. from];
        end[parameter] = start[parameter] = split.At;
        Grow(Array.FindAll(examples, e => rows[e][parameter] <= split.At), from, end, sets, depth + 1);
        Grow(Array.FindAll(examples, e => rows[e][parameter] > split.At), start, to, sets, depth + 1);
    }

    private Split? Best(int[] examples)
    {
        Split? best = null;
        int[] order = [.. Enumerable.Range(0, options.Length)];
        for (int i = order.Length - 1; i > 0; i--)
        {
            int j = random.Next(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        foreach (int parameter in order)
        {
            var split = options[parameter] == 0 ? BestRange(examples, parameter) : BestSet(examples, parameter);
            if (split is not null && (best is null || split.Gain > best.Gain))
            {
                best = split;
            }
        }

        return best;
    }

    private Split? BestRange(int[] examples, int parameter)
    {
        double[] keys = [.. examples.Select(e => rows[e][parameter])];
        int[] sorted = [.. examples];
        Array.Sort(keys, sorted);
        var (at, gain) = Scan(sorted.Length, i => values[sorted[i]], _ => 1, i => keys[i] < keys[i + 1]);
        if (at < 0)
        {
            return null;
        }

        // Between neighbouring doubles there is no middle.
        double middle = keys[at] + ((keys[at + 1] - keys[at]) / 2);
        return new(parameter, gain) { At = middle < keys[at + 1] ? middle : keys[at] };
    }

    private Split? BestSet(int[] examples, int parameter)
    {
        var groups = examples.GroupBy(e => (int)rows[e][parameter], e => values[e])
            .Select(g => (Option: g.Key, Sum: g.Sum(), Count: g.Count()))
            .OrderBy(g => g.Sum / g.Count)
            .ThenBy(g => g.Option).ToList();
        var (at, gain) = Scan(groups.Count, i => groups[i].Sum, i => groups[i].Count, _ => true);
        if (at < 0)
        {
            return null;
        }

        var left = new bool[options[parameter]];
        groups.Take(at + 1).ToList().ForEach(g => left[g.Option] = true);
        return new(parameter, gain) { Left = left };
    }

    // The cut with the largest S₁²/n₁ + S₂²/n₂, which is the least squared error; values are taken around their mean.
    private static (int At, double Gain) Scan(int count, Func<int, double> sum, Func<int, int> many, Func<int, bool> mayCut)
    {
        double total = 0, left = 0, gain = double.NegativeInfinity;
        int all = 0, before = 0, at = -1;
        for (int i = 0; i < count; i++)
        {
            total += sum(i);
            all += many(i);
        }

        double mean = total / all;
        for (int i = 0; i < count - 1; i++)
        {
            before += many(i);
            left += sum(i) - (many(i) * mean);
            double here = (left * left / before) + (left * left / (all - before));
            if (here > gain && mayCut(i))
            {
                (at, gain) = (i, here);
            }
        }

        return (at, gain);
    }

    private sealed record Split(int Parameter, double Gain)
    {
        public double At { get; init; }

        public bool[]? Left { get; init; }
    }
}
