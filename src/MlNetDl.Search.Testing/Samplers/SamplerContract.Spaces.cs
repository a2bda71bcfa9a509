using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;

namespace MlNetDl.Testing;

/// <content>What is proposed lies where it should.</content>
public static partial class SamplerContract
{
    private static SearchSpace Mixed { get; } = SearchSpace.Of(
        ("rate", new LogUniform(1e-5, 1)),
        ("momentum", new Uniform(-0.5, 0.5)),
        ("width", new Integer(8, 256, Log: true)),
        ("depth", new Integer(-3, 9, 4)),
        ("dropout", new Uniform(0, 0.5, 0.1)),
        ("activation", Choice.Of("relu", "tanh", "gelu")));

    private static SearchSpace Conditional { get; } = new SearchSpace
    {
        Parameters =
        [
            new("kind", Choice.Of("linear", "network")),
            new("penalty", new LogUniform(1e-6, 1)) { When = [new("kind", [Option.Of("linear")])] },
            new("layers", new Integer(1, 3)) { When = [new("kind", [Option.Of("network")])] },
            new("dropout", new Uniform(0, 0.5))
            {
                When = [new("kind", [Option.Of("network")]), new("layers", [Option.Of(2), Option.Of(3)])],
            },
        ],
    }.Checked();

    private static void EveryProposalLiesWithin(Func<Sampler> make) => CheckWithin(Run(make(), Mixed, 60));

    private static void ConditionalParameters(Func<Sampler> make)
    {
        var trials = Run(make(), Conditional, 60);
        CheckWithin(trials);
        foreach (var trial in trials)
        {
            var expected = Conditional.Parameters.Where(p => Conditional.IsActive(p, trial.Numbers)).Select(p => p.Name);
            Expect.True(trial.Numbers.Keys.SequenceEqual(expected), $"{trial} should have the parameters {string.Join(", ", expected)}.");
        }
    }

    private static void ExtremeRanges(Func<Sampler> make) => CheckWithin(Run(make(), SearchSpace.Of(
        ("tiny", new Uniform(1, 1 + 1e-15)),
        ("small", new Uniform(0, 1e-310)),
        ("huge", new Uniform(-8e307, 8e307)),
        ("decades", new LogUniform(1e-300, 1e300)),
        ("many", new Integer(0, 1L << 53)),
        ("coarse", new Integer(-7, 1_000_000_000, 999)),
        ("steps", new Uniform(-1e300, 1e300, 3e299))), 40));

    private static void SingleValues(Func<Sampler> make)
    {
        var space = SearchSpace.Of(
            ("one", new Uniform(2, 2)), ("whole", new Integer(3, 5, 9)), ("only", Choice.Of("adam")), ("free", new Uniform(0, 1)));
        foreach (var trial in Run(make(), space, 30))
        {
            Expect.True(
                trial.Numbers["one"] == 2 && trial.Numbers["whole"] == 3 && trial.Numbers["only"] == 0,
                $"{trial} should have one: 2, whole: 3 and only: adam.");
        }
    }

    private static void WithoutASpace(Func<Sampler> make) => Allowing(() =>
    {
        using var study = Study.InMemory("contract", new StudyOptions { Sampler = make() });
        for (int i = 0; i < 40; i++)
        {
            var trial = study.Ask();
            double value = trial.Choice("kind", "a", "b") == "a"
                ? trial.Uniform("x", 0, 1)
                : trial.LogUniform("y", 0.1, 1) + trial.Integer("n", 1, 4);
            study.Tell(trial, value);
        }

        CheckWithin(study.Trials);
    });

    private static void DependentRanges(Func<Sampler> make)
    {
        var space = new SearchSpace
        {
            Parameters =
            [
                new("length", new Integer(1, 3)),
                new("first", new Integer(16, 256)),
                new("second", new Integer(16, 256, 8)) { AtMost = "first", When = [new("length", [Option.Of(2), Option.Of(3)])] },
                new("third", new Integer(16, 512, Log: true)) { AtMost = "second", When = [new("length", [Option.Of(3)])] },
                new("low", new Uniform(0, 1)),
                new("high", new Uniform(0, 2, 0.1)) { AtLeast = "low" },
                new("rate", new LogUniform(1e-3, 1)) { AtLeast = "low" },
            ],
        }.Checked();
        foreach (var trial in Run(make(), space, 50))
        {
            foreach (var (name, number) in trial.Numbers)
            {
                var left = space.Narrowed(space.Find(name)!, trial.Numbers)!;
                Expect.True(left.Contains(number), $"{trial}: {name} is not within {left}, what other parameters leave of its range.");
            }
        }

        Allowing(() =>
        {
            using var study = Study.InMemory("contract", new StudyOptions { Sampler = make() });
            for (int i = 0; i < 40; i++)
            {
                var trial = study.Ask();
                double most = trial.Uniform("most", 0, 1);
                study.Tell(trial, most - trial.Uniform("x", 0, 1, atMost: most) + trial.LogUniform("rate", 0.1, 1, atLeast: most));
            }

            CheckWithin(study.Trials);
        });
    }

    private static void FixedParameters(Func<Sampler> make)
    {
        var space = SearchSpace.Of(("x", new Uniform(0, 1)), ("n", new Integer(1, 9)));
        using var study = Study.InMemory("contract", new StudyOptions { Sampler = make(), Space = space });
        for (int i = 0; i < 30; i++)
        {
            if (i % 5 == 4)
            {
                study.Enqueue(new Dictionary<string, object?> { ["n"] = 7 });
            }

            var trial = study.Ask();
            Expect.True(i % 5 != 4 || trial.Record.Numbers["n"] == 7, $"{trial.Record} was enqueued with n: 7.");
            study.Tell(trial, trial.Record.Numbers["x"]);
        }

        CheckWithin(study.Trials);
    }
}
