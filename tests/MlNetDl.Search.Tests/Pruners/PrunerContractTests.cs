using MlNetDl.Configuration;
using MlNetDl.Search;
using MlNetDl.Search.Contracts;
using MlNetDl.Search.Pruners;

namespace MlNetDl.Search.Tests.Pruners;

public sealed class PrunerContractTests
{
    private static readonly IReadOnlyList<ContractFact<TrialPruner>> All = [.. PrunerContract.Facts, .. PrunerContract.ComparisonFacts];

    public static IEnumerable<object[]> Facts =>
        from entry in SearchCatalogs.Pruners.Entries
        from fact in All
        select new object[] { entry.Name, fact.Name };

    // Also a pruner without bounds or with settings for short curves: then it has something to decide.
    public static IEnumerable<object[]> Busy =>
        from pruner in (TrialPruner[])
        [
            new SuccessiveHalvingPruner { MinResource = 1, ReductionFactor = 2 },
            new SuccessiveHalvingPruner { MinResource = 2, MinEarlyStoppingRate = 1 },
            new HyperbandPruner { MaxResource = 20 },
            new MedianPruner { StartUpTrials = 1, WarmUpSteps = 2, Interval = 3 },
            new PercentilePruner { Percent = 60, StartUpTrials = 0, MinTrials = 2 },
            new PatiencePruner { Patience = 0, Pruner = new SuccessiveHalvingPruner { MinResource = 1, ReductionFactor = 3 } },
            new WilcoxonPruner { MaxPValue = 0.3 },
        ]
        from fact in All
        select new object[] { pruner, fact.Name };

    [Theory]
    [MemberData(nameof(Facts))]
    public void Every_pruner_keeps_the_contract(string pruner, string fact) =>
        All.Single(f => f.Name == fact).Check((TrialPruner)Activator.CreateInstance(SearchCatalogs.Pruners.Find(pruner).Type)!);

    [Theory]
    [MemberData(nameof(Busy))]
    public void Busy_pruners_keep_the_contract(TrialPruner pruner, string fact) => All.Single(f => f.Name == fact).Check(pruner);

    [Fact]
    public void Every_pruner_is_in_the_catalog() => Assert.Equal(
        typeof(TrialPruner).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(TrialPruner)) && !t.IsAbstract).Select(t => t.Name).Order(),
        SearchCatalogs.Pruners.Entries.Select(e => e.Type.Name).Order());

    [Fact]
    public void Every_pruner_survives_its_configuration()
    {
        foreach (var entry in SearchCatalogs.Pruners.Entries)
        {
            var pruner = (TrialPruner)Activator.CreateInstance(entry.Type)!;
            Assert.Equal(pruner, RecordJson.FromNode<TrialPruner>(RecordJson.ToNode(pruner)));
        }
    }

    [Theory]
    [InlineData("gives the same answer twice")]
    [InlineData("does not prune a trial that is best at every step")]
    [InlineData("prunes when maximising what it prunes when minimising the negative")]
    [InlineData("refuses settings that are NaN or counts below zero")]
    [InlineData("prunes nothing when there is nothing to compare with")]
    public void The_contract_finds_a_bad_pruner(string fact) =>
        Assert.Throws<ContractException>(() => All.Single(f => f.Name == fact).Check(new BadPruner()));

    [Fact]
    public void The_contract_finds_a_pruner_that_remembers() =>
        Assert.Throws<ContractException>(() => All.Single(f => f.Name == "gives the same answer when the study is reopened").Check(new RememberingPruner()));

    // Counts its calls, is for minimising only, and checks nothing.
    private sealed record BadPruner : TrialPruner
    {
        private int calls;

        public int Every { get; init; } = 3;

        public override bool ShouldPrune(History history, TrialRecord trial) => ++calls % Every == 0 || trial.Reports[^1].Value > 1;
    }

    // Depends on how often its cache was asked.
    private sealed record RememberingPruner : TrialPruner
    {
        public override bool ShouldPrune(History history, TrialRecord trial)
        {
            var seen = history.Cache(this, () => new HashSet<(int, int)>());
            seen.Add((trial.Number, trial.Reports.Count));
            return seen.Count > 4 && trial.Reports.Count > 1;
        }
    }
}
