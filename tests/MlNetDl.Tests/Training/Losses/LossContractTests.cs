using MlNetDl.Configuration;
using MlNetDl.Metrics;
using MlNetDl.Tests.Contracts;
using MlNetDl.Training.Losses;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Training.Losses;

/// <summary>Every loss of the catalog keeps the contract, by name and with its options.</summary>
[Collection("torch")]
public sealed class LossContractTests
{
    private const string PlacesWeigh = "its terms weigh by their classes too";

    private static readonly ContractCases Cases = ContractCases.OfCatalog(Catalogs.Losses, LossContract.Of)
        .Add("smoothed", LossContract.Of(new CrossEntropy { LabelSmoothing = 0.1 }))
        .Add("weighted", LossContract.Of(new CrossEntropy { ClassWeights = [1, 2, 0.5] }), (LossContract.WeightedMean, PlacesWeigh))
        .Add("ignoring", LossContract.Of(new CrossEntropy { IgnoreIndex = 1 }), (LossContract.WeightedMean, PlacesWeigh))
        .Add("skewed", LossContract.Of(new BinaryCrossEntropy { PositiveWeight = 3 }))
        .Add("wide", LossContract.Of(new Huber { Delta = 2 }));

    public static TheoryData<string, string> Kept => Cases.Kept;

    public static TheoryData<string, string> Excused => Cases.Excused;

    [Theory]
    [MemberData(nameof(Kept))]
    public void Every_loss_keeps_the_contract(string loss, string fact) => Cases.Run(loss, fact);

    [Theory]
    [MemberData(nameof(Excused))]
    public void What_a_loss_is_excused_from_it_cannot_keep(string loss, string fact) => Cases.RunExcused(loss, fact);

    [Theory]
    [InlineData(ComponentContract.Named)]
    [InlineData("Its gradients agree with central differences")]
    [InlineData(LossContract.WeightedMean)]
    [InlineData(LossContract.Finite)]
    [InlineData("It leaves outputs and targets as they are")]
    [InlineData("Outputs and targets that do not fit are refused before torch sees them")]
    [InlineData("Settings that are not a number are refused")]
    public void The_contract_finds_a_bad_loss(string fact)
    {
        var e = Assert.Throws<ContractException>(LossContract.Of(new BadLoss()).Named(fact).Run);
        Assert.StartsWith($"BadLoss {{ Scale = 2 }} breaks '{fact}': ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_that_refuses_without_saying_what_it_expects_breaks_it()
    {
        const string Refusal = "Outputs and targets that do not fit are refused before torch sees them";
        var e = Assert.Throws<ContractException>(LossContract.Of(new CurtLoss()).Named(Refusal).Run);
        Assert.EndsWith("a type such as float32, but got 'CurtLoss: does not fit.'.", e.Message, StringComparison.Ordinal);
    }

    /// <summary>Overflows, sums, detaches a part, writes over its outputs, and checks nothing.</summary>
    private sealed record BadLoss : Loss
    {
        public double Scale { get; init; } = 2;

        public override bool Takes(ScoreForm form) => form == ScoreForm.Values;

        protected override Tensor PerExample(Tensor outputs, Tensor targets)
        {
            using var none = no_grad();
            outputs.add_(0.125);
            using var with = enable_grad();
            return ((outputs.exp() * outputs.detach()) - targets).abs().sum(1) * Scale;
        }

        protected override Tensor WeightedMeanOf(Tensor outputs, Tensor targets, Tensor weights) =>
            (PerExample(outputs, targets) * weights).mean();

        protected override string? Misfit(Tensor outputs, Tensor targets) => null;
    }

    /// <summary>Refuses what does not fit, but does not say what would.</summary>
    private sealed record CurtLoss : Loss
    {
        public override bool Takes(ScoreForm form) => form == ScoreForm.Values;

        protected override Tensor PerExample(Tensor outputs, Tensor targets) => (outputs - targets).square().mean([1]);

        protected override string? Misfit(Tensor outputs, Tensor targets) =>
            targets.dtype == ScalarType.Float32 && outputs.shape.AsSpan().SequenceEqual(targets.shape) ? null : "does not fit.";
    }
}
