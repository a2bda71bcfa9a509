using MlNetDl.Configuration;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers.Grid;

namespace MlNetDl.Search.Samplers;

/// <summary>Every combination once: all options of choices, all steps of real ranges that have them, all whole numbers as
/// far as <see cref="Points"/> allows, and as many evenly spaced numbers of real ranges.</summary>
/// <remarks>
/// <para>Without a number of trials, or with <see cref="Size"/> or more, the grid runs whole. With fewer trials the grid is a sample of itself: its
/// combinations come in an order that spreads over the space from the start, so that the first trials meet all values of
/// each parameter about equally often, and branches by the number of their combinations. The order follows from a trial's
/// number alone, so that any number of workers together run the grid once, and a study that is opened again goes on
/// with it. There is one order, whatever the seed. <c>Study.Optimize</c> ends when all combinations have come; who asks a study
/// for more trials gets them from the beginning again.</para>
/// <para>Needs a declared space; parameters of a branch are combined only within it, and combinations that a bound on a
/// parameter excludes are left out. Where parameters of an enqueued
/// trial are fixed, the others run a combination of what is left, also in another branch than the grid would have taken.
/// An enqueued trial takes its number's combination with it, whatever is fixed. Enqueue before the first trial and ask
/// for as many trials more: then the grid runs the combinations that they took at the end.</para>
/// </remarks>
/// <example><code>
/// var grid = new GridSampler { Points = 3 };
/// var space = SearchSpace.Of(("width", Choice.Of(32, 64, 128)), ("dropout", new Uniform(0, 0.5)));
/// using var study = Study.InMemory("grid", sampler: grid, space: space);
/// study.Optimize(trial => trial.Uniform("dropout", 0, 0.5) / trial.Choice("width", 32, 64, 128), trials: grid.Size(space)); // 3 · 3
/// </code></example>
public sealed record GridSampler : Sampler
{
    /// <summary>How many numbers of a real range without a step, bounds included, and at most of a range of whole numbers; 2 or more,
    /// 5 by default.</summary>
    [AtLeast(2)]
    public int Points { get; init; } = 5;

    /// <summary>How many combinations a space has.</summary>
    /// <exception cref="SamplerException">More than 10 million.</exception>
    public int Size(SearchSpace space) => (int)new GridOrder(space, Axis).Size;

    /// <inheritdoc/>
    public override double Sample(History history, TrialRecord trial, string name, Distribution distribution)
    {
        var space = history.Space ?? throw new SamplerException("a grid needs a declared space, but study "
            + $"'{history.StudyName}' has none; give one when it is opened.");
        double number = history.Cache(this, () => new GridOrder(space, Axis)).Number(trial, name);

        // Values that are fixed for parameters after this one may leave less of its range than the grid knows.
        return distribution.Whole is null ? number : distribution.Nearest(number);
    }

    /// <inheritdoc/>
    /// <remarks>As many as the grid has combinations. After trials that were enqueued, or that ran before the space was
    /// widened, it is as many as it takes until every combination in whose place they were has come.</remarks>
    public override int? MostTrials(History history)
    {
        ArgumentNullException.ThrowIfNull(history);
        if (history.Space is not { } space)
        {
            return null;
        }

        long size = history.Cache(this, () => new GridOrder(space, Axis)).Size;
        int widened = history.Widenings.Count == 0 ? 0 : history.Widenings[^1].Trials;
        var others = history.Trials.Where(t => t.Fixed.Count > 0 || t.Number < widened).Select(t => t.Number).ToHashSet();
        long most = size;
        // A combination comes again whenever the grid begins anew, until no other trial takes its place.
        foreach (int taken in others.Where(n => n < size))
        {
            long at = taken;
            while (at <= int.MaxValue && others.Contains((int)at))
            {
                at += size;
            }

            most = Math.Max(most, at + 1);
        }

        return (int)Math.Min(Math.Max(most, others.Count == 0 ? 0 : others.Max() + 1L), int.MaxValue);
    }

    private double[] Axis(Distribution distribution) => distribution switch
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
        Uniform { Count: { } count } range => All(range, count),
        _ => [.. Enumerable.Range(0, Points).Select(i => distribution.FromUnit((double)i / (Points - 1)))],
    };

    private static double[] All(Distribution range, long count)
    {
        if (count > GridOrder.MostCombinations)
        {
            throw GridOrder.TooLarge();
        }

        return [.. Enumerable.Range(0, (int)count).Select(i => range.At(i))];
    }
}
