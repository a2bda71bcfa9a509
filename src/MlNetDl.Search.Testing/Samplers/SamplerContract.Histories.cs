using System.Globalization;
using MlNetDl.Search;
using MlNetDl.Search.Samplers;
using MlNetDl.Metrics;

namespace MlNetDl.Testing;

/// <content>It takes any history.</content>
public static partial class SamplerContract
{
    private static void TrialsOfAllStates(Func<Sampler> make)
    {
        var space = Mixed with { Constraints = [new("size") { AtMost = 0.6 }] };
        using var study = Study.InMemory("contract", new StudyOptions { Sampler = make(), Space = space });
        for (int i = 0; i < 80; i++)
        {
            var trial = study.Ask();
            double value = Value(trial.Record);
            trial.Constrain("size", i % 11 == 0 ? double.NaN : i % 3 == 0 ? 1 : value);
            switch (i % 8)
            {
                case 0:
                    study.TellFailed(trial, "out of memory");
                    break;
                case 1:
                    trial.Report(0, value);
                    trial.Report(i, i % 16 == 1 ? double.NaN : value);
                    study.TellPruned(trial);
                    break;
                case 2:
                    study.TellPruned(trial);
                    break;
                case 3:
                    study.Tell(trial, double.NaN);
                    break;
                case 4:
                    study.Tell(trial, i % 16 == 4 ? double.PositiveInfinity : double.NegativeInfinity);
                    break;
                case 5:
                    // It goes on running.
                    break;
                default:
                    study.Tell(trial, value);
                    break;
            }
        }

        CheckWithin(study.Trials);
    }

    private static void SeveralObjectives(Func<Sampler> make) => Allowing(() =>
    {
        var options = new StudyOptions
        {
            Sampler = make(),
            Space = Conditional,
            Goals = [Goal.Minimize, Goal.Maximize],
        };
        using var study = Study.InMemory("contract", options);
        for (int i = 0; i < 60; i++)
        {
            var trial = study.Ask();
            double value = Value(trial.Record);
            if (i % 7 == 6)
            {
                study.TellPruned(trial);
            }
            else
            {
                study.Tell(trial, value, i % 9 == 8 ? double.PositiveInfinity : 1 - (value * value));
            }
        }

        CheckWithin(study.Trials);
    });

    private static void GoalsAreAlike(Func<Sampler> make)
    {
        IReadOnlyList<TrialRecord> Search(Goal goal, double sign)
        {
            using var study = Study.InMemory("contract", new StudyOptions
            {
                Sampler = make(),
                Space = Mixed,
                Goals = [goal],
            });
            study.Optimize(t => sign * Value(t.Record), trials: 40);
            return study.Trials;
        }

        Same(Search(Goal.Minimize, 1), Search(Goal.Maximize, -1), "minimising f and maximising -f should propose the same");
    }

    private static void TheHistoryStaysAsItIs(Func<Sampler> make)
    {
        var trials = Run(make(), Mixed, 30);
        var running = new TrialRecord { Number = trials.Count, State = TrialState.Running };
        var history = History.Of([.. trials, running], space: Mixed);
        var before = Text(history);
        var sampler = make();
        var space = Mixed.Parameters.ToDictionary(p => p.Name, p => p.Distribution);
        var first = sampler.SampleJointly(history, running, space);
        var alone = space.Where(p => !first.ContainsKey(p.Key)).Select(p => sampler.Sample(history, running, p.Key, p.Value)).ToList();
        var proposal = sampler.Proposal(history, running, space);
        var second = sampler.SampleJointly(history, running, space);
        var again = space.Where(p => !second.ContainsKey(p.Key))
            .Reverse()
            .Select(p => sampler.Sample(history, running, p.Key, p.Value)).Reverse();
        Expect.True(
            first.Order(ByName).SequenceEqual(second.Order(ByName)) && alone.SequenceEqual(again),
            "asked twice for the same trial with the same history, it should propose the same.");
        Expect.True(proposal == sampler.Proposal(history, running, space), "asked twice how it came to a proposal, it should say the same.");
        Expect.True(
            proposal.Trim().Length > 0 && !proposal.Contains('\n', StringComparison.Ordinal),
            $"how it came to a proposal should be one line but is \"{proposal}\".");
        Expect.True(Text(history) == before, $"the history should stay as it is but was\n{before}\nand is\n{Text(history)}");
    }

    private static Comparer<KeyValuePair<string, double>> ByName { get; } =
        Comparer<KeyValuePair<string, double>>.Create((a, b) => string.CompareOrdinal(a.Key, b.Key));

    private static string Text(History history) =>
        string.Join(Environment.NewLine, history.Trials.Concat(history.Finished).Concat(history.Running).Select(t => $"{t.State} {Text(t)} "
            + $"{string.Join(' ', t.Values.Select(v => v.ToString(CultureInfo.InvariantCulture)))}"));
}
