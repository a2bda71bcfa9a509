using MlNetDl.Training;
using MlNetDl.Training.Optimizers;
using MlNetDl.Training.Schedules;

namespace MlNetDl.Tests.Training;

[Collection("torch")]
public sealed class ResumeTests : IDisposable
{
    private readonly string folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"))).FullName;

    private string CheckpointFile => Path.Combine(folder, "checkpoint");

    public static TheoryData<Optimizer> Optimizers =>
        [new Adam(), new AdamW { LearningRate = 0.01 }, new Sgd { Nesterov = true, WeightDecay = 0.01 }];

    // 90 examples in batches of 16 are 6 steps an epoch: cancelled in the middle of the first and of the second epoch,
    // and just at the end of one.
    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(9)]
    public void A_training_cancelled_anywhere_continues_bit_for_bit(int steps)
    {
        var options = Samples.Options with
        {
            Schedule = new OneCycle(),
            RestoreBestWeights = true,
            ClipNorm = 1,
        };
        var straight = Samples.Fit(options);

        using var cancelled = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(
            () => Samples.Fit(options, CheckpointFile, cancelled, callbacks: new CancelAfter(steps, cancelled)));
        var resumed = Samples.Fit(options, CheckpointFile);

        Samples.AssertSame(straight.Weights, resumed.Weights);
        Assert.Equal(straight.Report.Epochs.Select(Samples.Figures), resumed.Report.Epochs.Select(Samples.Figures));
        Assert.Equal((straight.Report.BestEpoch, straight.Report.Restored), (resumed.Report.BestEpoch, resumed.Report.Restored));
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void A_training_stopped_after_every_step_equals_one_that_was_not(Optimizer optimizer)
    {
        var options = Samples.Options with { Epochs = 2, Optimizer = optimizer };
        var straight = Samples.Fit(options);
        for (int i = 0; i < 12; i++)
        {
            using var cancelled = new CancellationTokenSource();
            try
            {
                Samples.Fit(options, CheckpointFile, cancelled, callbacks: new CancelAfter(1, cancelled));
            }
            catch (OperationCanceledException)
            {
            }
        }

        var resumed = Samples.Fit(options, CheckpointFile);
        Samples.AssertSame(straight.Weights, resumed.Weights);
        Assert.Equal(straight.Report.Epochs.Select(Samples.Figures), resumed.Report.Epochs.Select(Samples.Figures));
    }

    [Fact]
    public void A_killed_training_continues_from_its_last_periodic_checkpoint()
    {
        var straight = Samples.Fit(Samples.Options);
        Assert.Throws<TimeoutException>(() => Samples.Fit(
            Samples.Options, CheckpointFile, interval: TimeSpan.Zero, callbacks: new Killed(atStep: 8)));
        var messages = new Messages();
        var resumed = Samples.Fit(Samples.Options, CheckpointFile, callbacks: messages);
        Samples.AssertSame(straight.Weights, resumed.Weights);
        Assert.Equal(["Continuing in epoch 2 after 1 of 6 steps."], messages.Texts);
    }

    [Fact]
    public void A_finished_training_is_not_trained_again()
    {
        var options = Samples.Options with
        {
            RestoreBestWeights = true,
            EarlyStopping = new() { Patience = 1 },
            Epochs = 8,
        };
        var first = Samples.Fit(options, CheckpointFile);
        var again = Samples.Fit(options, CheckpointFile, callbacks: new Killed(atStep: 1));
        Samples.AssertSame(first.Weights, again.Weights);
        Assert.Equal(first.Report.Epochs.Select(Samples.Figures), again.Report.Epochs.Select(Samples.Figures));
        Assert.Equal(first.Report.StoppedEarly, again.Report.StoppedEarly);
    }

    [Fact]
    public void A_checkpoint_of_another_training_is_refused()
    {
        Samples.Fit(Samples.Options, CheckpointFile);
        var error = Assert.Throws<InvalidDataException>(() => Samples.Fit(Samples.Options, CheckpointFile, fingerprint: "other"));
        Assert.Contains("is of another training", error.Message);
        Assert.Contains(CheckpointFile, error.Message);
    }

    [Fact]
    public void A_checkpoint_with_other_tensors_is_refused()
    {
        Samples.Fit(Samples.Options, CheckpointFile);
        var error = Assert.Throws<InvalidDataException>(() => Samples.Fit(Samples.Options with { Optimizer = new Sgd() }, CheckpointFile));
        Assert.Contains("is expected", error.Message);
    }

    [Fact]
    public void A_damaged_or_foreign_checkpoint_is_one_clear_error()
    {
        Samples.Fit(Samples.Options, CheckpointFile);
        var whole = File.ReadAllBytes(CheckpointFile);
        byte[][] damaged =
        [
            [], whole[..5], whole[..12], whole[..200], whole[..^1], [.. whole, 0], "PK not a checkpoint at all"u8.ToArray(),
            .. new[] { 0, 9, 11, 40, whole.Length / 2, whole.Length - 1 }.Select(at => Flipped(whole, at)),
        ];
        foreach (var bytes in damaged)
        {
            File.WriteAllBytes(CheckpointFile, bytes);
            var error = Assert.Throws<InvalidDataException>(() => Samples.Fit(Samples.Options, CheckpointFile));
            Assert.Contains("is damaged; delete it to start training anew", error.Message);
            Assert.Equal(bytes, File.ReadAllBytes(CheckpointFile));
        }
    }

    [Fact]
    public void A_checkpoint_that_lies_about_its_sizes_is_refused()
    {
        Samples.Fit(Samples.Options, CheckpointFile);
        var whole = File.ReadAllBytes(CheckpointFile);
        // Cut off the last tensor's bytes, with a right checksum.
        File.WriteAllBytes(CheckpointFile, [.. whole[..^40], .. System.IO.Hashing.Crc32.Hash(whole.AsSpan(0, whole.Length - 40))]);
        Assert.Throws<InvalidDataException>(() => Samples.Fit(Samples.Options, CheckpointFile));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static byte[] Flipped(byte[] bytes, int at)
    {
        var copy = bytes.ToArray();
        copy[at] ^= 0x10;
        return copy;
    }

    private sealed class Killed(int atStep) : Callback
    {
        private int steps;

        public override void StepEnded(TrainingProgress progress)
        {
            if (++steps == atStep)
            {
                throw new TimeoutException("killed");
            }
        }
    }
}
