using System.Globalization;
using MlNetDl.Search;
using MlNetDl.Search.Samplers;

namespace MlNetDl.Testing;

/// <content>What the checks share.</content>
public static partial class SamplerContract
{
    private static IReadOnlyList<TrialRecord> Run(Sampler sampler, SearchSpace space, int trials)
    {
        using var study = Study.InMemory("contract", new StudyOptions { Sampler = sampler, Space = space });
        study.Optimize(t => Value(t.Record), trials);
        return study.Trials;
    }

    // Smooth, without symmetry, from 0 to 1: how far shares of the ranges lie from a point of their own.
    private static double Value(TrialRecord trial) =>
        trial.Numbers.Select((n, i) => Math.Pow(trial.Distributions[n.Key].ToUnit(n.Value) - (0.2 + (0.1 * i)), 2))
            .DefaultIfEmpty(0).Average();

    private static void CheckWithin(IReadOnlyList<TrialRecord> trials)
    {
        foreach (var trial in trials)
        {
            foreach (var (name, number) in trial.Numbers)
            {
                Expect.True(
                    trial.Distributions[name].Contains(number),
                    $"trial {trial.Number}: {name} = {number.ToString("R", CultureInfo.InvariantCulture)} is not "
                        + $"within {trial.Distributions[name]}.");
            }
        }
    }

    private static void Same(IReadOnlyList<TrialRecord> expected, IReadOnlyList<TrialRecord> actual, string statement)
    {
        for (int i = 0; i < Math.Max(expected.Count, actual.Count); i++)
        {
            string one = i < expected.Count ? Text(expected[i]) : "nothing", other = i < actual.Count ? Text(actual[i]) : "nothing";
            Expect.True(one == other, $"{statement}, but trial {i} is {one} and {other}.");
        }
    }

    private static string Text(TrialRecord trial) =>
        $"{trial.Number} ({trial.Proposal}): {string.Join(' ', trial.Numbers.Select(n => $"{n.Key}={n.Value.ToString("R", CultureInfo.InvariantCulture)}"))}";

    // To refuse is fair, as long as it is done in so many words.
    private static void Allowing(Action run)
    {
        try
        {
            run();
        }
        catch (SamplerException e) when (e.Message.Length > 20)
        {
        }
    }
}
