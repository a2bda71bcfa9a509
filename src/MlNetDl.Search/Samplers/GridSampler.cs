using MlNetDl.Configuration;
using MlNetDl.Search.Distributions;

namespace MlNetDl.Search.Samplers;

/// <summary>Every combination in turn: all options of choices, all whole numbers as far as <see cref="Points"/> allows,
/// and as many evenly spaced numbers of real ranges.</summary>
/// <remarks>Trial n runs combination n modulo <see cref="Size"/>, the last parameter changing fastest; ask for
/// <see cref="Size"/> trials. Needs a declared space; parameters of a branch are combined only within it. Where
/// parameters of an enqueued trial are fixed, those after them run a combination of what is left, also in another
/// branch than the grid would have taken. An enqueued trial takes its number's combination with it, whatever is fixed.
/// Enqueue before the first trial and ask for as many trials more: then the grid runs the combinations that they took
/// at the end.</remarks>
/// <example><code>
/// var grid = new GridSampler { Points = 3 };
/// var space = SearchSpace.Of(("width", Choice.Of(32, 64, 128)), ("dropout", new Uniform(0, 0.5)));
/// using var study = Study.InMemory("grid", sampler: grid, space: space);
/// study.Optimize(trial => trial.Uniform("dropout", 0, 0.5) / trial.Choice("width", 32, 64, 128), trials: grid.Size(space)); // 3 · 3
/// </code></example>
public sealed record GridSampler : Sampler
{
    private const int MostCombinations = 10_000_000;

    /// <summary>How many numbers of a real range, bounds included, and at most of a range of whole numbers; 2 or more,
    /// 5 by default.</summary>
    [AtLeast(2)]
    public int Points { get; init; } = 5;

    /// <summary>How many combinations a space has.</summary>
    /// <exception cref="SamplerException">More than 10 million.</exception>
    public int Size(SearchSpace space) => (int)Count(space, 0, new Dictionary<string, double>());

    /// <inheritdoc/>
    public override double Sample(History history, TrialRecord trial, string name, Distribution distribution)
    {
        var space = history.Space ?? throw new SamplerException("a grid needs a declared space, but study "
            + $"'{history.StudyName}' has none; give one when it is opened.");
        return history.Cache(this, () => new Grid(this, space)).Number(trial, name);
    }

    internal List<double> Axis(Distribution distribution) => distribution switch
    {
        _ when distribution.IsSingle => [distribution.FromUnit(0)],
        Choice choice => [.. Enumerable.Range(0, choice.Count).Select(i => (double)i)],
        Integer whole when whole.Count <= Points => [.. Enumerable.Range(0, (int)whole.Count)
            .Select(i => (double)(whole.From + (i * whole.Step)))],
        Integer { Log: false } whole => [.. Enumerable.Range(0, Points)
            .Select(i => whole.From + (whole.Step * Math.Round((whole.Count - 1) * (double)i / (Points - 1))))],
        Integer whole => [.. Enumerable.Range(0, Points)
            .Select(i => Math.Round(whole.From * Math.Pow((double)whole.To / whole.From, (double)i / (Points - 1))))
            .Distinct()],
        _ => [.. Enumerable.Range(0, Points).Select(i => distribution.FromUnit((double)i / (Points - 1)))],
    };

    internal long Count(SearchSpace space, int from, Dictionary<string, double> numbers)
    {
        if (from == space.Parameters.Count)
        {
            return 1;
        }

        var parameter = space.Parameters[from];
        if (!space.IsActive(parameter, numbers))
        {
            return Count(space, from + 1, numbers);
        }

        var axis = Axis(parameter.Distribution);
        long count = 0;
        if (!space.Parameters.Any(p => p.When.Any(w => w.Parameter == parameter.Name)))
        {
            // Nothing depends on it: all its values have as many combinations below them.
            count = axis.Count * Count(space, from + 1, numbers);
        }
        else
        {
            foreach (double number in axis)
            {
                count += Count(space, from + 1, new(numbers) { [parameter.Name] = number });
            }
        }

        if (count > MostCombinations)
        {
            throw new SamplerException(
                $"the grid has more than {MostCombinations} combinations; take fewer points or another sampler.");
        }

        return count;
    }

    private sealed class Grid(GridSampler sampler, SearchSpace space)
    {
        private readonly long size = sampler.Count(space, 0, []);

        public double Number(TrialRecord trial, string name)
        {
            long rest = trial.Number % size;
            var numbers = new Dictionary<string, double>();
            for (int i = 0; i < space.Parameters.Count; i++)
            {
                var parameter = space.Parameters[i];
                if (!space.IsActive(parameter, numbers))
                {
                    continue;
                }

                foreach (double number in sampler.Axis(parameter.Distribution))
                {
                    numbers[parameter.Name] = number;
                    long below = sampler.Count(space, i + 1, new(numbers));
                    if (rest < below)
                    {
                        break;
                    }

                    rest -= below;
                }

                if (parameter.Name == name)
                {
                    return numbers[name];
                }

                if (trial.Numbers.TryGetValue(parameter.Name, out double had) && had != numbers[parameter.Name])
                {
                    // It was fixed, so the parameters after it combine below it.
                    numbers[parameter.Name] = had;
                    rest %= sampler.Count(space, i + 1, new(numbers));
                }
            }

            throw new StudyException($"trial {trial.Number}: the grid has no parameter '{name}' where the trial is; "
                + "ask for those of its branch.");
        }
    }
}
