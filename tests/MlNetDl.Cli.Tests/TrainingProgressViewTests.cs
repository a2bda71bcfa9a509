using MlNetDl.Experiments;
using MlNetDl.Networks;
using MlNetDl.Training;

namespace MlNetDl.Cli.Tests;

/// <summary>What a run says off a terminal.</summary>
public sealed class TrainingProgressViewTests
{
    [Fact]
    public void A_line_comes_after_a_minute_in_which_no_epoch_ended()
    {
        using var output = new StringWriter();
        var clock = new Clock();
        var experiment = new Experiment
        {
            Name = "t",
            Data = new NamedDataset { Dataset = "xor" },
            Network = new Mlp(),
            Training = new() { Epochs = 3 },
        };
        using var view = new TrainingProgressView(output, experiment, clock);
        // Epochs of 45 seconds: each has a line of its own.
        for (int epoch = 1; epoch <= 2; epoch++)
        {
            clock.Now += 45;
            view.StepEnded(new(epoch, 3, 9, 10, 0.5, 100, TimeSpan.Zero));
            view.EpochEnded(new(epoch, new Dictionary<string, double> { ["loss"] = 0.5 }, new Dictionary<string, double>(), 1, 45));
        }

        clock.Now += 59;
        view.StepEnded(new(3, 3, 1, 10, 0.5, 100, TimeSpan.Zero));
        Assert.DoesNotContain("step", output.ToString(), StringComparison.Ordinal);
        clock.Now += 2;
        view.StepEnded(new(3, 3, 2, 10, 0.5, 100, TimeSpan.Zero));
        view.StepEnded(new(3, 3, 3, 10, 0.5, 100, TimeSpan.Zero));
        Assert.Equal(
            ["t", "  epoch   1/3", "  epoch   2/3", "  epoch 3/3 step 2/10"],
            output.ToString()
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(l => l.TrimEnd().Split("  loss")[0]));
    }

    private sealed class Clock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Now;
    }
}
