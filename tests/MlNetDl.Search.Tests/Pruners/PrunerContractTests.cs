using MlNetDl.Search.Pruners;

namespace MlNetDl.Search.Tests.Pruners;

public sealed class PrunerContractTests
{
    private static readonly ContractCases Cases = ContractCases.OfCatalog(SearchCatalogs.Pruners, pruner => PrunerContract.Of(pruner));

    // Also a pruner without bounds or with settings for short curves: then it has something to decide.
    private static readonly ContractCases Busy = ((TrialPruner[])
    [
        new SuccessiveHalvingPruner { MinResource = 1, ReductionFactor = 2 },
        new SuccessiveHalvingPruner { MinResource = 2, MinEarlyStoppingRate = 1 },
        new HyperbandPruner { MaxResource = 20 },
        new MedianPruner
        {
            StartUpTrials = 1,
            WarmUpSteps = 2,
            Interval = 3,
        },
        new PercentilePruner
        {
            Percent = 60,
            StartUpTrials = 0,
            MinTrials = 2,
        },
        new PatiencePruner { Patience = 0, Pruner = new SuccessiveHalvingPruner { MinResource = 1, ReductionFactor = 3 } },
        new WilcoxonPruner { MaxPValue = 0.3 },
    ]).Aggregate(new ContractCases(), (cases, pruner) => cases.Add($"{pruner}", PrunerContract.Of(pruner)));

    public static TheoryData<string, string> Kept => Cases.Kept;

    public static TheoryData<string, string> KeptByBusyOnes => Busy.Kept;

    [Theory]
    [MemberData(nameof(Kept))]
    public void Every_pruner_keeps_the_contract(string pruner, string fact) => Cases.Run(pruner, fact);

    [Theory]
    [MemberData(nameof(KeptByBusyOnes))]
    public void Busy_pruners_keep_the_contract(string pruner, string fact) => Busy.Run(pruner, fact);

    [Fact]
    public void Every_pruner_is_in_the_catalog() => Assert.Equal(
        typeof(TrialPruner).Assembly.GetTypes()
            .Where(t => t.IsSubclassOf(typeof(TrialPruner)) && !t.IsAbstract)
            .Select(t => t.Name).Order(),
        SearchCatalogs.Pruners.Entries.Select(e => e.Type.Name).Order());

    [Theory]
    [InlineData("It gives the same answer twice")]
    [InlineData("It does not prune a trial that is best at every step")]
    [InlineData("It prunes when maximising what it prunes when minimising the negative")]
    [InlineData("Settings far out of range are refused")]
    [InlineData("It prunes nothing when there is nothing to compare with")]
    public void The_contract_finds_a_bad_pruner(string fact) => Breaks(new BadPruner(), fact);

    [Fact]
    public void The_contract_finds_a_pruner_that_remembers() =>
        Breaks(new RememberingPruner(), "It gives the same answer when the study is reopened");

    private static void Breaks(TrialPruner pruner, string fact) => Assert.Contains(
        $"breaks '{fact}': ",
        Assert.Throws<ContractException>(PrunerContract.Of(pruner).Named(fact).Run).Message,
        StringComparison.Ordinal);

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
