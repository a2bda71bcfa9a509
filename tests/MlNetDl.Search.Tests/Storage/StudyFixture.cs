using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Storage;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Tests.Storage;

/// <summary>Two studies with something of everything that a store keeps, version by version of the tables. The database files
/// under Fixtures were filled with it and never change; so must this.</summary>
internal static class StudyFixture
{
    public static void Fill(StudyStore store, TestClock clock, int version)
    {
        if (store is SqlStore sql)
        {
            // Of no machine on which the files are tested.
            sql.Process = new(1, 1, "elsewhere");
        }

        var lease = TimeSpan.FromMinutes(1);
        long declared = store.Open("declared", [Goal.Minimize, Goal.Maximize], Space()).Id;
        long free = store.Open("free é", [Goal.Maximize], null).Id;
        store.Enqueue(free, new Dictionary<string, Option> { ["x"] = Option.Of(0.25), ["opt"] = Option.Of("sgd") });
        for (int i = 0; i < 6; i++)
        {
            clock.Pass(TimeSpan.FromMilliseconds(1_234));
            var trial = store.Start(free, new($"w{i % 2}", lease))!.Lease;
            store.Suggest(trial, [new("x", new Uniform(-5, 10), i / 3.0), new("lr", new LogUniform(1e-6, 1), 1e-6 * (i + 1))]);
            store.Suggest(trial, [new("n", new Integer(8, 256, Log: true), 8 << i), new("opt", Choice.Of("sgd", "adam \"w\""), i % 2)]);
            double[] values = [0.1 + i, double.NaN, double.PositiveInfinity, -0.0];
            for (int step = 0; step < values.Length; step++)
            {
                store.Report(trial, step * 10, StudyStore.ObjectiveKey, values[step]);
                store.Report(trial, step * 10, "loss", -values[step]);
            }

            store.SetCheckpoint(trial, $"trials/{i}/checkpoint", i == 3 ? 10 : -1);
            store.AddArtifact(trial, new("model", $"trials/{i}/model.zip", new('a', 64), 1L << (30 + i)));
            store.AddEvent(free, i, "note", "line 1\nline 2");
            switch (i)
            {
                case 0 or 4: store.Finish(trial, new(TrialState.Complete, [1.0 / 3 + i], [-1, 0.5])); break;
                case 1: store.Finish(trial, new(TrialState.Pruned, [double.NegativeInfinity], [])); break;
                case 2: store.Finish(trial, new(TrialState.Failed, [], [], "out of memory: 5 > 4")); break;
            }
        }

        // Trials 3 and 5 are left running and lost: one runs again, the other is given back.
        clock.Pass(lease);
        var again = store.Start(free, new("w8", lease))!.Lease;
        store.Report(again, 20, StudyStore.ObjectiveKey, 7);
        store.Release(store.Start(free, new("w9", lease))!.Lease);
        var both = store.Start(declared, new("w0", lease) { Space = Space() })!.Lease;
        store.Suggest(both, [new("x", new Uniform(0, 1), 0.5), new("kind", Choice.Of(1, 2), 1)]);
        store.Finish(both, new(TrialState.Complete, [double.MaxValue, double.Epsilon], []));
        if (version >= 2)
        {
            Remark(store, clock, declared, free);
        }

        if (version >= 3)
        {
            Say(store, declared);
        }
    }

    // What version 3 keeps beside version 2.
    private static void Say(StudyStore store, long declared)
    {
        var lease = store.Start(declared, new("w0", TimeSpan.FromMinutes(1)) { Space = Space(to: 2) })!.Lease;
        store.Suggest(lease, [new("x", new Uniform(0, 2), 1.5), new("kind", Choice.Of(1, 2), 1)], "own: é \"1\"");
        store.Finish(lease, new(TrialState.Complete, [1, 2], []));
    }

    // What version 2 keeps beside version 1.
    private static void Remark(StudyStore store, TestClock clock, long declared, long free)
    {
        store.Open("declared", [Goal.Minimize, Goal.Maximize], Space(to: 2));
        store.SetAttribute(declared, 0, "weights", Option.Of(61_706));
        store.SetAttribute(free, 3, "commit", Option.Of("é \"1\""));
        store.SetAttribute(free, 3, "rates", Option.Of<double[]>([0.1, 1e-9]));
        clock.Pass(TimeSpan.FromSeconds(1));
        store.AddNote(free, 0, "line 1\nline 2");
        store.AddNote(free, 0, "again");
    }

    private static SearchSpace Space(double to = 1) => new()
    {
        Parameters =
        [
            new("x", new Uniform(0, to)),
            new("kind", Choice.Of(1, 2)),
            new("depth", new Integer(1, 9, 2)) { When = [new("kind", [Option.Of(1)])] },
        ],
        Constraints = [new("latencyMs") { AtMost = 5 }],
    };
}
