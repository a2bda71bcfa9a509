using MlNetDl.Search.Extensions.Tests.Parts;
using MlNetDl.Search.Pruners;

namespace MlNetDl.Search.Extensions.Tests;

/// <summary>Pruners of one's own: one that compares at the same step, and one of any other kind.</summary>
public sealed class PrunerTests
{
    private static readonly IReadOnlyList<ContractFact> SameStepFacts = PrunerContract.Of(new FarFromMeanPruner());
    private static readonly IReadOnlyList<ContractFact> OtherFacts = PrunerContract.Of(new FirstReportPruner(), compares: false);

    public static TheoryData<string> SameStep => [.. SameStepFacts.Select(f => f.Name)];

    public static TheoryData<string> Other => [.. OtherFacts.Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(SameStep))]
    public void A_same_step_pruner_keeps_the_contract(string fact) => SameStepFacts.Named(fact).Run();

    [Theory]
    [MemberData(nameof(Other))]
    public void A_pruner_keeps_the_contract(string fact) => OtherFacts.Named(fact).Run();

    [Theory]
    [InlineData(1, 3.6, false)] // the mean of 1, 2, 3, 4 and 5 is 3, their deviation √2
    [InlineData(1, 4.5, true)]
    [InlineData(0, 3.6, true)]
    public void It_decides_by_the_values_at_the_same_step(double deviations, double value, bool isStopped)
    {
        using var study = Study.InMemory("step", pruner: new FarFromMeanPruner { Deviations = deviations });
        study.Optimize(trial =>
        {
            double at = trial.Number < 5 ? trial.Number + 1 : value;
            trial.ReportAndMaybePrune(0, at);
            return at;
        }, trials: 6);
        Assert.Equal(isStopped ? TrialState.Pruned : TrialState.Complete, study.Trials[5].State);
    }
}
