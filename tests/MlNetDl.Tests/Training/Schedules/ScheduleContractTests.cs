using MlNetDl.Configuration;
using MlNetDl.Tests.Contracts;
using MlNetDl.Training.Schedules;

namespace MlNetDl.Tests.Training.Schedules;

/// <summary>Every schedule of the catalog keeps the contract.</summary>
public sealed class ScheduleContractTests
{
    private static readonly ContractCases Cases = ContractCases.OfCatalog(Catalogs.Schedules, ScheduleContract.Of)
        .Add(
            "late cycle",
            ScheduleContract.Of(new OneCycle
            {
                Rise = 0.5,
                StartDivisor = 10,
                EndDivisor = 100,
            }))
        .Add("floored", ScheduleContract.Of(new Cosine { Floor = 0.1 }));

    public static TheoryData<string, string> Kept => Cases.Kept;

    [Theory]
    [MemberData(nameof(Kept))]
    public void Every_schedule_keeps_the_contract(string schedule, string fact) => Cases.Run(schedule, fact);

    [Theory]
    [InlineData("Factors are finite and 0 or more, for trainings of any length and warm-up")]
    [InlineData("Factors follow from the step alone, in any order and from an equal schedule")]
    [InlineData("The first step moves something")]
    [InlineData("Warm-up rises in a line to what it begins with, and then it runs from its beginning")]
    [InlineData("Settings that are not a number are refused")]
    public void The_contract_finds_a_bad_schedule(string fact)
    {
        var e = Assert.Throws<ContractException>(ScheduleContract.Of(new BadSchedule()).Named(fact).Run);
        Assert.Contains($" breaks '{fact}': ", e.Message, StringComparison.Ordinal);
    }

    /// <summary>Counts its calls, begins with 0, falls below it, and asks for the warm-up itself.</summary>
    private sealed record BadSchedule : Schedule
    {
        private int calls;

        public double Fall { get; init; } = 0.01;

        protected override double Factor(long step, long totalSteps) => step == 0 ? 0 : 1 - (Fall * ++calls) - WarmUp;
    }
}
