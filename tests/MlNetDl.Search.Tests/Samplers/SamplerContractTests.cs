using MlNetDl.Search.Samplers;

namespace MlNetDl.Search.Tests.Samplers;

public sealed class SamplerContractTests
{
    private static readonly ContractCases Cases = ContractCases.OfCatalog(
        SearchCatalogs.Samplers,
        sampler => SamplerContract.Of(() => sampler with { }),
        ("grid", SamplerContract.OtherSeeds, "a grid has one order, without randomness"));

    public static TheoryData<string, string> Kept => Cases.Kept;

    public static TheoryData<string, string> Excused => Cases.Excused;

    [Theory]
    [MemberData(nameof(Kept))]
    public void Samplers_keep_their_contract(string sampler, string fact) => Cases.Run(sampler, fact);

    [Theory]
    [MemberData(nameof(Excused))]
    public void What_a_sampler_is_excused_from_it_cannot_keep(string sampler, string fact) => Cases.RunExcused(sampler, fact);

    [Fact]
    public void Every_sampler_is_in_the_catalog() => Assert.Equal(
        typeof(Sampler).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Sampler)) && !t.IsAbstract).Select(t => t.Name).Order(),
        SearchCatalogs.Samplers.Entries.Select(e => e.Type.Name).Order());

    [Fact]
    public void A_sampler_that_keeps_a_generator_breaks_it() =>
        Breaks(() => new Forgetful(), "A reopened study proposes what it would have proposed");

    [Fact]
    public void A_sampler_that_minimises_whatever_the_goal_breaks_it() =>
        Breaks(() => new Minimizer(), "It takes values of any goal alike");

    [Fact]
    public void A_sampler_that_takes_any_setting_breaks_it() => Breaks(() => new Minimizer(), "Settings far out of range are refused");

    [Fact]
    public void A_sampler_that_no_catalog_has_is_told_how_to_register_it() =>
        Assert.Contains("Register<Minimizer>()", Breaks(() => new Minimizer(), ComponentContract.Named).Message, StringComparison.Ordinal);

    private static ContractException Breaks(Func<Sampler> make, string fact)
    {
        var e = Assert.Throws<ContractException>(SamplerContract.Of(make).Named(fact).Run);
        Assert.Contains($"breaks '{fact}': ", e.Message, StringComparison.Ordinal);
        return e;
    }

    private sealed record Forgetful : Sampler
    {
        private readonly Random random = new(1);

        public override double Sample(
            History history, TrialRecord trial, string name, MlNetDl.Search.Distributions.Distribution distribution) =>
            distribution.FromUnit(random.NextDouble());
    }

    private sealed record Minimizer : Sampler
    {
        public double Step { get; init; } = 0.1;

        public override double Sample(
            History history, TrialRecord trial, string name, MlNetDl.Search.Distributions.Distribution distribution)
        {
            double best = history.Finished.Count == 0 ? 0.5 : distribution.ToUnit(history.Finished.MinBy(t => t.Value)!.Numbers[name]);
            return distribution.FromUnit(Math.Clamp(best + (Step * Random(trial, name).NextGaussian()), 0, 1));
        }
    }
}
