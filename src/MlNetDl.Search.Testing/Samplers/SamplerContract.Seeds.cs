using MlNetDl.Search;
using MlNetDl.Search.Samplers;
using MlNetDl.Search.Storage;

namespace MlNetDl.Testing;

/// <content>What proposals follow from.</content>
public static partial class SamplerContract
{
    private static void TheSameSeedProposesTheSame(Func<Sampler> make) => Same(
        Run(make() with { Seed = 7 }, Conditional, 40),
        Run(make() with { Seed = 7 }, Conditional, 40),
        "the same seed should propose the same");

    private static void AnotherSeedProposesOtherwise(Func<Sampler> make) =>
        Expect.True(
            !Run(make() with { Seed = 7 }, Mixed, 20).Select(Text).SequenceEqual(Run(make() with { Seed = 8 }, Mixed, 20).Select(Text)),
            "seeds 7 and 8 proposed the same 20 trials; take random numbers from Sampler.Random.");

    private static void AReopenedStudyProposesTheSame(Func<Sampler> make)
    {
        // Also one that begins with many trials that break a constraint.
        foreach (int infeasible in (int[])[0, 32])
        {
            double Objective(Trial trial)
            {
                trial.Constrain("size", trial.Number < infeasible ? 1 : -1);
                return Value(trial.Record);
            }

            using var store = new MemoryStore();
            for (int until = 7; until <= 56; until += 7)
            {
                using var study = Study.Open(store, "contract", new() { Sampler = make(), Space = Mixed });
                study.Optimize(Objective, until);
            }

            using var whole = Study.InMemory("contract", new StudyOptions { Sampler = make(), Space = Mixed });
            whole.Optimize(Objective, 56);
            using var reopened = Study.Open(store, "contract", new() { Sampler = make(), Space = Mixed });
            Same(whole.Trials, reopened.Trials, "a study that was reopened every 7 trials should go as one that was not");
        }
    }

    private static void ProposalsDoNotDependOnTheThread(Func<Sampler> make)
    {
        var shared = make();
        using var one = Study.InMemory("contract", new StudyOptions { Sampler = shared, Space = Mixed });
        using var other = Study.InMemory("contract", new StudyOptions { Sampler = shared, Space = Conditional });
        for (int i = 0; i < 30; i++)
        {
            foreach (var study in (Study[])[one, other])
            {
                var thread = new Thread(() => study.Optimize(t => Value(t.Record), i + 1));
                thread.Start();
                thread.Join();
            }
        }

        Same(Run(make(), Mixed, 30), one.Trials, "a study that goes from thread to thread beside another should go as one alone");
    }
}
