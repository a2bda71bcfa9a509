using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Metrics;
using MlNetDl.Tasks;
using MlNetDl.Tests.Contracts;
using MlNetDl.Training.Losses;

namespace MlNetDl.Tests.Tasks;

/// <summary>Every task of the catalog keeps the contract.</summary>
[Collection("torch")]
public sealed class TaskContractTests
{
    private static readonly ContractCases Cases = ContractCases.OfCatalog(Catalogs.Tasks, TaskContract.Of);

    public static TheoryData<string, string> Kept => Cases.Kept;

    [Theory]
    [MemberData(nameof(Kept))]
    public void Every_task_keeps_the_contract(string task, string fact) => Cases.Run(task, fact);

    [Theory]
    [InlineData(ComponentContract.Named)]
    [InlineData("Its loss and its figures take its scores, and figures have names of their own")]
    [InlineData("Its columns read what its scoring layer makes")]
    [InlineData("Its scoring layer undoes the standardisation of targets")]
    [InlineData("What people read of scores is a class that there is, or a number")]
    [InlineData("It trains, and its figures are figures")]
    public void The_contract_finds_a_bad_task(string fact)
    {
        var e = Assert.Throws<ContractException>(TaskContract.Of(new BadTask()).Named(fact).Run);
        Assert.Contains($" breaks '{fact}': ", e.Message, StringComparison.Ordinal);
    }

    /// <summary>Values that are scored as classes, in another unit, from an output that is not there, and
    /// read as nothing.</summary>
    private sealed record BadTask : LearningTask
    {
        private static readonly ValueLabel Form = new();

        public override LabelForm Label => Form;

        public override Loss DefaultLoss => new CrossEntropy();

        public override bool StandardizesTargets => true;

        public override ScoreForm Scores => ScoreForm.Values;

        public override IReadOnlyList<OutputColumn> Columns => [new ValuesColumn(OutputColumns.Score, "Regression") { Output = "other" }];

        public override IReadOnlyList<Metric> TrainingMetrics => [new AbsoluteError(), new AbsoluteError()];

        public override IReadOnlyList<Metric> EvaluationMetrics => [];

        public override Layer ScoringLayer(TargetScale scale) => new Identity();

        public override ScoredValue Read(ReadOnlySpan<float> scores, LabelInfo label) => new(null, []);
    }
}
