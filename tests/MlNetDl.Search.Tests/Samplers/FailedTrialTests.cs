using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;
using MlNetDl.Search.Samplers.GaussianProcess;

namespace MlNetDl.Search.Tests.Samplers;

/// <summary>What failed trials teach: where failures have a place the search leaves it, and else nothing.</summary>
public sealed class FailedTrialTests
{
    private static readonly SearchSpace Space = SearchSpace.Of([.. Enumerable.Range(0, 3).Select(i => ($"x{i}", (Distribution)new Uniform(0, 1)))]);

    public static TheoryData<Sampler> Samplers => [new GaussianProcessSampler(), new TpeSampler()];

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.1)]
    [InlineData(0.3)]
    public void Failures_at_random_have_no_place(double share)
    {
        int placed = 0;
        for (int seed = 1; seed <= 20; seed++)
        {
            placed += Feasibility.Fit(Outcomes(seed, 60, (_, random) => random.NextDouble() < share), new bool[3]) is null ? 0 : 1;
        }

        Assert.InRange(placed, 0, 2);
    }

    [Fact]
    public void Where_half_the_space_fails_the_probability_says_so()
    {
        var outcomes = Outcomes(1, 60, (x, _) => x[0] > 0.5);
        var model = new Feasibility(outcomes, new bool[3], Feasibility.Fit(outcomes, new bool[3])!);
        var random = new TrialRandom(2, 0, "points");
        for (int i = 0; i < 100; i++)
        {
            double[] x = [random.NextDouble(), random.NextDouble(), random.NextDouble()];
            if (Math.Abs(x[0] - 0.5) > 0.2)
            {
                Assert.Equal(x[0] < 0.5, Math.Exp(model.LogAt(x)) > 0.5);
            }
        }

        // A failure deep in the half was to be expected, none of the successes is among them.
        var foretold = model.Foretold();
        Assert.All(foretold, p => Assert.True(p[0] > 0.5));
        Assert.All(outcomes.Where(o => o.Position[0] > 0.8), o => Assert.Contains(o.Position, foretold));
    }

    [Theory]
    [MemberData(nameof(Samplers))]
    public void Where_half_the_space_fails_proposals_lie_in_the_other(Sampler sampler)
    {
        using var study = Study.InMemory("half", sampler: sampler, space: Space);
        study.Optimize(t => t.Uniform("x0", 0, 1) > 0.5 ? double.NaN : Sphere(t, 0.2), trials: 80);

        // Fewer than a tenth fail; at random it would be half.
        Assert.InRange(study.Trials.Skip(20).Count(t => t.State == TrialState.Failed), 0, 5);
    }

    [Fact]
    public void Where_nine_tenths_fail_TPE_does_not_stay()
    {
        // Values get better towards where trials fail. At random 63 of 70 would.
        using var study = Study.InMemory("tenth", sampler: new TpeSampler(), space: Space);
        study.Optimize(t => t.Uniform("x0", 0, 1) > 0.1 ? double.NaN : Sphere(t, 0.5), trials: 100);
        Assert.InRange(study.Trials.Skip(30).Count(t => t.State == TrialState.Failed), 0, 35);
    }

    [Fact]
    public void Failures_at_random_cost_the_Gaussian_process_little()
    {
        double[] found = [.. Enumerable.Range(1, 5).Select(seed =>
        {
            using var study = Study.InMemory("random", sampler: new GaussianProcessSampler { Seed = seed }, space: Space);
            study.Optimize(t => new TrialRandom(seed, t.Number, "fails").NextDouble() < 0.3 ? double.NaN : Sphere(t, 0.4), trials: 50);
            return study.Best!.Value;
        }).Order()];
        Assert.InRange(found[2], 0, 1e-4);
    }

    [Fact]
    public void A_failed_point_is_not_tried_again_while_there_is_a_new_one()
    {
        using var study = Study.InMemory("twelve", sampler: new GaussianProcessSampler { StartUpTrials = 1 }, space: SearchSpace.Of(
            ("a", Choice.Of(1, 2, 3)), ("b", new Integer(1, 4))));
        study.Optimize(t => t.Choice<int>("a", 1, 2, 3) * t.Integer("b", 1, 4) is var value && value % 3 == 1 ? double.NaN : value, trials: 12);
        Assert.Contains(study.Trials, t => t.State == TrialState.Failed);
        Assert.Equal(12, study.Trials.Select(t => (t.Numbers["a"], t.Numbers["b"])).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Samplers))]
    public void Trials_that_lost_their_workers_teach_nothing(Sampler sampler)
    {
        using var study = Study.InMemory("lost", sampler: sampler, space: Space);
        study.Optimize(t => t.Uniform("x0", 0, 1) > 0.5 ? double.NaN : Sphere(t, 0.4), trials: 30);
        var open = Space.Parameters.ToDictionary(p => p.Name, p => p.Distribution);
        Assert.Equal(Proposal(With(TrialState.Failed, true)), Proposal(With(TrialState.Cancelled, false)));
        Assert.NotEqual(Proposal(With(TrialState.Failed, false)), Proposal(With(TrialState.Cancelled, false)));

        List<KeyValuePair<string, double>> Proposal(History history) => [.. Enumerable.Range(40, 4)
            .SelectMany(n => sampler.SampleJointly(history, new() { Number = n, State = TrialState.Running }, open))];

        // Ten more that lie where the best one does.
        History With(TrialState state, bool lost) => History.Of(
            [
                .. study.Trials,
                .. Enumerable.Range(30, 10).Select(i => study.Best! with
                {
                    Number = i,
                    State = state,
                    IsLost = lost,
                    Values = [],
                }),
            ],
            space: Space);
    }

    [Theory]
    [MemberData(nameof(Samplers))]
    public void A_reopened_study_proposes_the_same(Sampler sampler)
    {
        // Between two fits of the model, so that it may not depend on when it is asked.
        using var study = Study.InMemory("study", sampler: sampler, space: Space);
        study.Optimize(Fails, trials: 51);
        using var reopened = Study.Open(study.Store, "study", new StudyOptions { Sampler = sampler with { }, Space = Space });
        using var again = Study.InMemory("study", sampler: sampler, space: Space);
        again.Optimize(Fails, trials: 51);
        Assert.Equal(again.Ask().Record.Numbers, reopened.Ask().Record.Numbers);

        static double Fails(Trial t) => t.Uniform("x0", 0, 1) > 0.6 ? double.NaN : Sphere(t, 0.5);
    }

    private static double Sphere(Trial t, double centre) =>
        Enumerable.Range(0, 3).Sum(i => Math.Pow(t.Uniform($"x{i}", 0, 1) - centre, 2));

    private static List<(double[] Position, bool Failed)> Outcomes(int seed, int count, Func<double[], TrialRandom, bool> fails)
    {
        var random = new TrialRandom(seed, 0, "outcomes");
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            double[] x = [random.NextDouble(), random.NextDouble(), random.NextDouble()];
            return (x, fails(x, random));
        })];
    }
}
