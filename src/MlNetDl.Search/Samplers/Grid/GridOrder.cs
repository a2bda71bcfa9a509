using MlNetDl.Search.Distributions;

namespace MlNetDl.Search.Samplers.Grid;

/// <summary>The combinations of a grid, and the order in which trials run them.</summary>
/// <remarks>
/// <para>The parameters on which others depend make the branches of the grid: those that decide whether others exist, and
/// those that bound others. A branch is a part of all places from 0 to below <see cref="Size"/>, as long as it has
/// combinations. Trials go from place to place in steps near the golden section of the size, so that branches take turns by
/// their length.</para>
/// <para>Within a branch <see cref="SpreadAxes"/> gives each turn its combination. The turn is how often the branch was
/// met before.</para>
/// </remarks>
internal sealed class GridOrder
{
    /// <summary>The largest grid.</summary>
    public const int MostCombinations = 10_000_000;

    private readonly SearchSpace space;
    private readonly double[][] axes;
    private readonly bool[] decides;
    private readonly long step;

    /// <summary>The order of a space.</summary>
    /// <param name="space">The space.</param>
    /// <param name="axis">The numbers of a distribution that the grid has.</param>
    /// <exception cref="SamplerException">There are more than 10 million combinations.</exception>
    public GridOrder(SearchSpace space, Func<Distribution, double[]> axis)
    {
        this.space = space;
        axes = [.. space.Parameters.Select(p => axis(p.Distribution))];
        decides = [.. space.Parameters.Select(p => space.Parameters.Any(
            other => other.AtLeast == p.Name || other.AtMost == p.Name || other.When.Any(w => w.Parameter == p.Name)))];
        Size = Count(0, []);
        step = GoldenStep(Size);
    }

    /// <summary>How many combinations there are.</summary>
    public long Size { get; }

    /// <summary>What is said of a grid that is too large.</summary>
    public static SamplerException TooLarge() =>
        new($"the grid has more than {MostCombinations} combinations; take fewer points or another sampler.");

    /// <summary>The number of a parameter in a trial that may have others already, also such as were fixed.</summary>
    /// <exception cref="StudyException">The parameter does not exist there.</exception>
    public double Number(TrialRecord trial, string name)
    {
        long turn = trial.Number % Size, place = turn * step % Size, rest = place, length = 1;
        bool isElsewhere = false;
        var numbers = new Dictionary<string, double>();
        var free = new List<(string Name, double[] Values)>();
        for (int i = 0; i < axes.Length; i++)
        {
            var parameter = space.Parameters[i];
            if (!space.IsActive(parameter, numbers))
            {
                continue;
            }

            if (!decides[i])
            {
                free.Add((parameter.Name, Values(i, numbers)));
                length *= free[^1].Values.Length;
                continue;
            }

            rest = Descend(i, numbers, length, rest);
            if (parameter.Name == name)
            {
                return numbers[name];
            }

            if (trial.Numbers.TryGetValue(parameter.Name, out double had) && had != numbers[parameter.Name])
            {
                // It was fixed, so what is left combines below it.
                numbers[parameter.Name] = had;
                rest %= length * Count(i + 1, numbers);
                isElsewhere = true;
            }
        }

        int at = free.FindIndex(f => f.Name == name);
        if (at < 0)
        {
            throw new StudyException($"trial {trial.Number}: the grid has no parameter '{name}' where the trial is; "
                + "ask for those of its branch.");
        }

        long start = place - rest, visit = isElsewhere ? rest : Visits(turn, start, length);
        return free[at].Values[SpreadAxes.Index(visit + SpreadAxes.Phase(start, length), at, [.. free.Select(f => f.Values.Length)])];
    }

    /// <summary>Gives a parameter the number within whose combinations a place lies.</summary>
    /// <returns>The place among those.</returns>
    private long Descend(int parameter, Dictionary<string, double> numbers, long length, long rest)
    {
        foreach (double number in Values(parameter, numbers))
        {
            numbers[space.Parameters[parameter].Name] = number;
            long below = length * Count(parameter + 1, numbers);
            if (rest < below)
            {
                break;
            }

            rest -= below;
        }

        return rest;
    }

    /// <summary>How many combinations the parameters from one on have.</summary>
    private long Count(int from, Dictionary<string, double> numbers)
    {
        if (from == axes.Length)
        {
            return 1;
        }

        var parameter = space.Parameters[from];
        if (!space.IsActive(parameter, numbers))
        {
            return Count(from + 1, numbers);
        }

        // Where nothing depends on a parameter, all its values have as many combinations below them.
        double[] values = Values(from, numbers);
        long count = decides[from]
            ? values.Sum(number => Count(from + 1, new(numbers) { [parameter.Name] = number }))
            : values.Length * Count(from + 1, numbers);
        if (count > MostCombinations)
        {
            throw TooLarge();
        }

        return count;
    }

    /// <summary>The numbers of a parameter beside those before it: what these leave of its range, one at least.</summary>
    private double[] Values(int parameter, Dictionary<string, double> numbers)
    {
        if (!space.Parameters[parameter].IsBounded || space.Narrowed(space.Parameters[parameter], numbers) is not { Whole: not null } part)
        {
            return axes[parameter];
        }

        double[] within = [.. axes[parameter].Where(part.Contains)];
        return within.Length > 0 ? within : [part.FromUnit(0)];
    }

    /// <summary>How many of the turns before one met a part of the places.</summary>
    private long Visits(long turn, long start, long length) =>
        FloorSum(turn, step, Size - start) - FloorSum(turn, step, Size - start - length);

    // The sum of ⌊(a i + b) / Size⌋ over i from 0 to below n: it counts lattice points below a line, as Euclid's algorithm
    // does.
    private long FloorSum(long n, long a, long b)
    {
        long sum = 0, m = Size;
        while (true)
        {
            sum += (n * (n - 1) / 2 * (a / m)) + (n * (b / m));
            (a, b) = (a % m, b % m);
            long most = (a * n) + b;
            if (most < m)
            {
                return sum;
            }

            (n, b, m, a) = (most / m, most % m, a, m);
        }
    }

    /// <summary>The step nearest to the golden section of a length that meets every place.</summary>
    private static long GoldenStep(long length)
    {
        long near = (long)Math.Round(length / SpreadAxes.GoldenRatio);
        for (long off = 0; ; off++)
        {
            foreach (long step in (long[])[near + off, near - off])
            {
                if (step > 0 && System.Numerics.BigInteger.GreatestCommonDivisor(step, length).IsOne)
                {
                    return step;
                }
            }
        }
    }
}
