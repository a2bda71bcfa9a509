using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Tests.Samplers;

/// <summary>What every sampler stands: all states of trials, odd values, both goals, narrow ranges, branches, fixed
/// parameters, a reopened study.</summary>
public sealed class SamplerRobustnessTests
{
    private static readonly SearchSpace Space = new SearchSpace
    {
        Parameters =
        [
            new("x", new Uniform(-5, 5)),
            new("rate", new LogUniform(1e-5, 1)),
            new("layers", new Integer(1, 4)),
            new("width", new Integer(8, 256, Log: true)),
            new("even", new Integer(0, 10, Step: 2)),
            new("kind", Choice.Of("a", "b", "c")),
            new("one", new Uniform(2, 2)),
            new("extra", new Uniform(0, 1)) { When = [new("kind", [Option.Of("b")])] },
        ],
    }.Checked();

    public static TheoryData<Sampler> Samplers => new(SamplersUnderTest);

    private static IEnumerable<Sampler> SamplersUnderTest =>
    [
        new QuasiRandomSampler(),
        new CmaEsSampler(),
        new Nsga2Sampler { PopulationSize = 10 },
        new GaussianProcessSampler { StartUpTrials = 5, MaxObservations = 30 },
    ];

    [Theory]
    [MemberData(nameof(Samplers))]
    public void Every_state_and_value_is_stood(Sampler sampler)
    {
        using var study = Study.InMemory("mixed", new StudyOptions { Sampler = sampler, Space = Space });
        Drive(study, 60);
        Assert.Equal(60, study.Trials.Count);
        Assert.Equal(4, study.Trials.Select(t => t.State).Distinct().Count());
        Assert.All(study.Trials, t => Assert.All(t.Numbers, n => Assert.True(t.Distributions[n.Key].Contains(n.Value))));
        Assert.All(study.Trials, t => Assert.Equal(Equals(t.ValueOf("kind"), "b"), t.Numbers.ContainsKey("extra")));

        // Crossover repeats numbers, others do not, but for the ends of ranges.
        Assert.True(study.Trials.Select(t => (t.Numbers["x"], t.Numbers["rate"])).Distinct().Count() > (sampler is Nsga2Sampler ? 10 : 50));
    }

    [Theory]
    [MemberData(nameof(Samplers))]
    public void Proposals_follow_from_seed_and_history(Sampler sampler)
    {
        using var study = Study.InMemory("mixed", new StudyOptions { Sampler = sampler, Space = Space });
        using var again = Study.InMemory("mixed", new StudyOptions { Sampler = sampler, Space = Space });
        Drive(study, 32);
        Drive(again, 32);
        Assert.Equal(study.Trials.SelectMany(t => t.Numbers), again.Trials.SelectMany(t => t.Numbers));

        using var reopened = Study.Open(study.Store, "mixed", new StudyOptions { Sampler = sampler with { }, Space = Space });
        var trial = reopened.Ask();
        using var other = Study.InMemory("mixed", new StudyOptions { Sampler = sampler with { Seed = 77 }, Space = Space });
        Drive(other, 32);
        Assert.Equal(again.Ask().Record.Numbers, trial.Record.Numbers);
        Assert.NotEqual(other.Ask().Record.Numbers, trial.Record.Numbers);
    }

    [Theory]
    [MemberData(nameof(Samplers))]
    public void Maximising_is_minimising_the_negative(Sampler sampler)
    {
        using var down = Study.InMemory("study", Goal.Minimize, sampler);
        using var up = Study.InMemory("study", Goal.Maximize, sampler);
        static double Value(Trial t) => Math.Pow(t.Uniform("x", -5, 5), 2)
            + Math.Abs(Math.Log10(t.LogUniform("r", 1e-4, 1)) + t.Choice<int>("c", 0, 1, 2));
        down.Optimize(Value, trials: 40);
        up.Optimize(t => -Value(t), trials: 40);
        Assert.Equal(down.Trials.SelectMany(t => t.Numbers), up.Trials.SelectMany(t => t.Numbers));
    }

    [Theory]
    [MemberData(nameof(Samplers))]
    public void Fixed_parameters_are_kept_and_the_rest_is_proposed(Sampler sampler)
    {
        using var study = Study.InMemory("fixed", new StudyOptions { Sampler = sampler, Space = Space });
        Drive(study, 25);
        study.Enqueue(new Dictionary<string, object?> { ["x"] = 1.25, ["kind"] = "b" });
        var trial = study.Ask();
        Assert.Equal(1.25, trial.Uniform("x", -5, 5));
        Assert.InRange(trial.Uniform("extra", 0, 1), 0, 1);
        study.Tell(trial, 3);
        Drive(study, 40);
        Assert.Equal(40, study.Trials.Count);
    }

    [Theory]
    [MemberData(nameof(Samplers))]
    public void Parameters_that_come_and_go_are_stood(Sampler sampler)
    {
        using var study = Study.InMemory("running", sampler: sampler);
        study.Optimize(t => t.Number < 20 || t.Number % 3 == 0
            ? t.Uniform("a", 0, 1) + (t.Choice<bool>("deep", true, false) ? t.Integer("layers", 1, 3) : t.Uniform("b", 0, 1))
            : t.Uniform("c", -1, 1) + t.Uniform("b", 0, 1), trials: 60);
        Assert.Equal(60, study.Trials.Count(t => t.State == TrialState.Complete));
    }

    [Theory]
    [MemberData(nameof(Samplers))]
    public void Equal_values_and_only_choices_are_stood(Sampler sampler)
    {
        using var study = Study.InMemory("flat", sampler: sampler);
        study.Optimize(t => t.Choice<int>("a", 1, 2) * t.Choice<int>("b", 3, 4, 5) * 0, trials: 40);
        using var tiny = Study.InMemory("tiny", sampler: sampler);
        tiny.Optimize(
            t => t.Uniform("x", 1, Math.BitIncrement(1))
                + t.Integer("n", 3, 3)
                + t.Integer("big", -(1L << 53), 1L << 53),
            trials: 40);
        Assert.Equal(80, study.Trials.Concat(tiny.Trials).Count(t => t.State == TrialState.Complete));
    }

    [Theory]
    [MemberData(nameof(Samplers))]
    public void A_cancelled_trial_teaches_nothing(Sampler sampler)
    {
        using var study = Study.InMemory("mixed", new StudyOptions { Sampler = sampler, Space = Space });
        Drive(study, 32);
        var trials = study.Trials;
        var next = new TrialRecord { Number = 33, State = TrialState.Running };
        var open = Space.Parameters.Where(p => p.When.Count == 0 && !p.Distribution.IsSingle)
            .ToDictionary(p => p.Name, p => p.Distribution);
        Assert.Equal(Proposals(TrialState.Waiting), Proposals(TrialState.Cancelled));
        Assert.NotEmpty(Proposals(TrialState.Cancelled));

        // A trial that was given back before it was cancelled has parameters.
        List<KeyValuePair<string, double>> Proposals(TrialState state)
        {
            var history = History.Of(
                [
                    .. trials,
                    trials[0] with
                    {
                        Number = 32,
                        State = state,
                        Values = [],
                        Finished = null,
                    },
                ],
                space: Space);
            var joint = sampler.SampleJointly(history, next, open);
            return [.. open.Select(p => KeyValuePair.Create(
                p.Key,
                joint.TryGetValue(p.Key, out double drawn) ? drawn : sampler.Sample(history, next, p.Key, p.Value)))];
        }
    }

    // Failing, NaN, infinite, pruned with and without reports, infeasible by constraint, some left running.
    private static void Drive(Study study, int trials)
    {
        while (study.TryAsk(trials) is { } trial)
        {
            double value = Math.Pow((double)trial.Record.Numbers["x"], 2) + trial.Record.Numbers["layers"];
            switch (trial.Number % 10)
            {
                case 2:
                    study.TellFailed(trial, "out of memory");
                    break;
                case 3:
                    study.Tell(trial, double.NaN);
                    break;
                case 4:
                    study.Tell(trial, trial.Number % 20 == 4 ? double.PositiveInfinity : double.NegativeInfinity);
                    break;
                case 5:
                    study.TellPruned(trial);
                    break;
                case 6:
                    study.Report(trial, 1, trial.Number % 20 == 6 ? double.NaN : value);
                    study.TellPruned(trial);
                    break;
                case 7 when trial.Number < 40:
                    break;
                default:
                    study.Tell(trial, value);
                    break;
            }
        }
    }
}
