using MlNetDl.Configuration;
using MlNetDl.Training.Losses;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Training.Losses;

[Collection("torch")]
public sealed class LossShapeTests
{
    /// <summary>A mean of the batch would spread over the weights of its examples, which then weigh nothing.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_loss_that_is_not_one_value_an_example_is_refused(bool weighted)
    {
        using var scope = NewDisposeScope();
        var weights = weighted ? ones(3) : null;
        var e = Assert.Throws<ComponentException>(() => new OfTheBatch().Mean(ones(3, 1), zeros(3, 1), weights));
        Assert.StartsWith(
            "the loss OfTheBatch failed in PerExample: it must give the loss of each example, [3], but gave Float32[",
            e.Message,
            StringComparison.Ordinal);
    }

    private sealed record OfTheBatch : Loss
    {
        protected override Tensor PerExample(Tensor outputs, Tensor targets) => (outputs - targets).abs().mean();

        protected override string? Misfit(Tensor outputs, Tensor targets) => null;
    }
}
