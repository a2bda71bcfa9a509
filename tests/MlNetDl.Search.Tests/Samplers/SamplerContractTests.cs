using MlNetDl.Configuration;
using MlNetDl.Search;
using MlNetDl.Search.Contracts;
using MlNetDl.Search.Samplers;

namespace MlNetDl.Search.Tests.Samplers;

public sealed class SamplerContractTests
{
    // What a sampler cannot keep by its nature, and why.
    private static readonly Dictionary<(string Sampler, string Fact), string> Exceptions = new()
    {
        [("grid", SamplerContract.OtherSeeds)] = "a grid is run in order, without randomness",
    };

    public static TheoryData<string, string> All()
    {
        var all = new TheoryData<string, string>();
        foreach (var sampler in SearchCatalogs.Samplers.Entries)
        {
            foreach (var fact in SamplerContract.Facts.Where(f => !Exceptions.ContainsKey((sampler.Name, f.Name))))
            {
                all.Add(sampler.Name, fact.Name);
            }
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Samplers_keep_their_contract(string sampler, string fact) =>
        SamplerContract.Facts.Single(f => f.Name == fact).Check(() => RecordJson.Deserialize<Sampler>($"\"{sampler}\""));

    [Fact]
    public void A_sampler_that_keeps_a_generator_breaks_it() =>
        Assert.Throws<ContractException>(() => Check("A reopened study proposes what it would have proposed", () => new Forgetful()));

    [Fact]
    public void A_sampler_that_minimises_whatever_the_goal_breaks_it() =>
        Assert.Throws<ContractException>(() => Check("It takes values of any goal alike", () => new Minimizer()));

    [Fact]
    public void A_sampler_that_takes_any_setting_breaks_it() =>
        Assert.Throws<ContractException>(() => Check("Settings far out of range are refused", () => new Minimizer()));

    private static void Check(string fact, Func<Sampler> make) => SamplerContract.Facts.Single(f => f.Name == fact).Check(make);

    private sealed record Forgetful : Sampler
    {
        private readonly Random random = new(1);

        public override double Sample(History history, TrialRecord trial, string name, MlNetDl.Search.Distributions.Distribution distribution) =>
            distribution.FromUnit(random.NextDouble());
    }

    private sealed record Minimizer : Sampler
    {
        public double Step { get; init; } = 0.1;

        public override double Sample(History history, TrialRecord trial, string name, MlNetDl.Search.Distributions.Distribution distribution)
        {
            double best = history.Finished.Count == 0 ? 0.5 : distribution.ToUnit(history.Finished.MinBy(t => t.Value)!.Numbers[name]);
            return distribution.FromUnit(Math.Clamp(best + (Step * Random(trial, name).NextGaussian()), 0, 1));
        }
    }
}
