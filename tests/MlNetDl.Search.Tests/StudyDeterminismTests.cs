using MlNetDl.Configuration;
using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;
using MlNetDl.Search.Storage;

namespace MlNetDl.Search.Tests;

/// <summary>A study with one worker and a seed proposes the same parameters, however often it is stopped, killed
/// and opened again.</summary>
public sealed class StudyDeterminismTests : IDisposable
{
    private const int Trials = 24;
    private static readonly SearchSpace Space = new()
    {
        Parameters =
        [
            new("x", new Uniform(-5, 10)), new("lr", new LogUniform(1e-6, 1)), new("kind", Choice.Of("a", "b", "c")),
            new("n", new Integer(8, 256, Log: true)) { When = [new("kind", [Option.Of("a"), Option.Of("b")])] },
        ],
    };

    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Declared => [.. Names(Space)];

    public static TheoryData<string> DefineByRun => [.. Names(null), "together"];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_samplers_that_need_no_setting_are_among_those_tested()
    {
        Assert.Contains("random", Names(null));
        Assert.Contains("random", Names(Space));
        Assert.Contains("grid", Names(Space));
    }

    [Theory]
    [MemberData(nameof(Declared))]
    public void A_declared_space(string sampler) => SameHoweverInterrupted(sampler, Space);

    [Theory]
    [MemberData(nameof(DefineByRun))]
    public void A_space_defined_by_running(string sampler) => SameHoweverInterrupted(sampler, null);

    private void SameHoweverInterrupted(string sampler, SearchSpace? space)
    {
        var clock = new TestClock();
        using var memory = new MemoryStore(clock);
        var expected = Run(memory, Options(sampler, space), Trials);

        // The second generation of a population goes on with the parameters of the first.
        Assert.InRange(expected.Distinct().Count(), sampler == "populationBased" ? 20 : Trials, Trials);
        using var again = new MemoryStore(clock);
        Assert.Equal(expected, Run(again, Options(sampler, space), Trials));

        // Opened anew for each trial.
        using (var store = new SqliteStore(folder["each.db"], clock))
        {
            for (int n = 1; n <= Trials; n++)
            {
                Assert.Equal(expected[..n], Run(store, Options(sampler, space), n));
            }
        }

        // Left running before, between and after its parameters by a process that ended, and gone on with while its
        // lease still runs.
        int abandoned = 0;
        for (int n = 1; n <= Trials; n += 3)
        {
            using (var store = new SqliteStore(folder["killed.db"], clock) { Process = WorkerProcess.Current! with { Started = 1 } })
            using (var study = Study.Open(store, "study", Options(sampler, space)))
            {
                study.Optimize(Value, trials: n);
                var trial = study.Ask();
                _ = abandoned++ % 3 == 0 ? 0 : trial.Uniform("x", -5, 10);
                _ = abandoned % 3 == 2 ? trial.LogUniform("lr", 1e-6, 1) : 0;
            }

            using var reopened = new SqliteStore(folder["killed.db"], clock);
            Assert.Equal(expected[..(n + 1)], Run(reopened, Options(sampler, space), n + 1));
        }
    }

    private static string[] Run(StudyStore store, StudyOptions options, int trials)
    {
        using var study = Study.Open(store, "study", options);
        study.Optimize(Value, trials: trials);
        return [.. study.Trials.Select(t => string.Join(' ', t.Numbers.Select(n => $"{n.Key}={n.Value:R}")))];
    }

    private static StudyOptions Options(string sampler, SearchSpace? space) => new()
    {
        Sampler = Make(sampler),
        Space = space,
        RenewLeases = false,
    };

    private static Sampler Make(string name) => name == "together"
        ? new Together { Seed = 5 }
        : RecordJson.Deserialize<Sampler>($$"""{"type":"{{name}}","seed":5}""");

    private static double Value(Trial trial)
    {
        double x = trial.Uniform("x", -5, 10), lr = trial.LogUniform("lr", 1e-6, 1);
        string kind = trial.Choice("kind", "a", "b", "c");
        int n = kind == "c" ? 0 : trial.Integer("n", 8, 256, log: true);
        double value = (x * x) + Math.Abs(Math.Log10(lr) + 3) + (n / 100.0);
        trial.Report(0, value);
        return value;
    }

    /// <summary>The samplers of the catalog that propose for a space as they come.</summary>
    private static IEnumerable<string> Names(SearchSpace? space) => SearchCatalogs.Samplers.Entries.Select(e => e.Name).Where(name =>
    {
        try
        {
            using var study = Study.InMemory("study", Options(name, space));
            study.Ask().Uniform("x", -5, 10);
            return true;
        }
        catch (Exception e) when (e is ArgumentException or StudyException or ConfigurationException)
        {
            return false;
        }
    });

    /// <summary>Draws what it can together from one stream, so that each number depends on what is
    /// drawn with it.</summary>
    private sealed record Together : Sampler
    {
        public override IReadOnlyDictionary<string, double> SampleJointly(
            History history, TrialRecord trial, IReadOnlyDictionary<string, Distribution> space)
        {
            var random = Random(trial, "together");
            return space.ToDictionary(p => p.Key, p => p.Value.FromUnit(random.NextDouble()));
        }

        public override double Sample(History history, TrialRecord trial, string name, Distribution distribution) =>
            distribution.FromUnit(Random(trial, name).NextDouble());
    }
}
