using MlNetDl.Configuration;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;

namespace MlNetDl.Tests.Training;

public sealed class TrainingOptionsTests
{
    [Fact]
    public void Defaults_are_valid_and_equal_by_value()
    {
        RecordCheck.Require(new TrainingOptions(), "training");
        Assert.Equal(
            new TrainingOptions { ClassWeights = ClassWeights.Of(("a", 1), ("b", 2)) },
            new TrainingOptions { ClassWeights = ClassWeights.Of(("a", 1), ("b", 2)) });
        Assert.NotEqual(new TrainingOptions(), new TrainingOptions { Optimizer = new Sgd() });
    }

    public static TheoryData<TrainingOptions, string> Bad => new()
    {
        { new() { Epochs = 0 }, "training.epochs must be 1 or more but is 0." },
        { new() { BatchSize = -4 }, "training.batchSize must be 1 or more but is -4." },
        { new() { ValidationFraction = 1 }, "training.validationFraction must be" },
        { new() { ClipNorm = 0 }, "training.clipNorm must be above 0 but is 0." },
        { new() { Threads = 0 }, "training.threads must be 1 or more but is 0." },
        { new() { ShuffleBuffer = 0 }, "training.shuffleBuffer must be" },
        { new() { MemoryBudgetMB = -1 }, "training.memoryBudgetMB must be" },
        { new() { ClassWeights = ClassWeights.Of(("a", 1), ("b", double.NaN)) }, "training.classWeights.b must be 0 or more but is NaN." },
        { new() { EarlyStopping = new() { Patience = 0 } }, "training.earlyStopping.patience must be" },
        { new() { EarlyStopping = new() { MinDelta = -1 } }, "training.earlyStopping.minDelta must be" },
        { new() { Optimizer = new Adam { LearningRate = -1 } }, "training.optimizer.learningRate must be above 0 but is -1." },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Values_out_of_range_are_named_with_range_and_value(TrainingOptions options, string message) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => RecordCheck.Require(options, "training")).Message);
}
