using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Recipes;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;

namespace MlNetDl.Tests.Training;

/// <summary>Trainings that go on from the checkpoint of another one, with options of their own.</summary>
[Collection("torch")]
public sealed class StartCheckpointTests : IDisposable
{
    private static readonly TrainingOptions Part = Samples.Options with { Epochs = 2, Optimizer = new Adam { LearningRate = 0.01 } };
    private readonly string folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"))).FullName;

    private string First => Path.Combine(folder, "first");

    private string Second => Path.Combine(folder, "second");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    // Dropout, running statistics, moments and the order of the data: all go on.
    [Fact]
    public void Parts_with_the_same_options_are_one_longer_training_bit_for_bit()
    {
        var whole = Samples.Fit(Part with { Epochs = 6 });
        Samples.Fit(Part, First);
        Samples.Fit(Part, Second, start: First);
        var third = Samples.Fit(Part, start: Second);
        Samples.AssertSame(whole.Weights, third.Weights);
        Assert.Equal(
            whole.Report.Epochs.Skip(4).Select(e => Samples.Figures(e with { Epoch = e.Epoch - 4 })), third.Report.Epochs.Select(Samples.Figures));
    }

    [Fact]
    public void An_epoch_that_the_training_before_has_begun_does_not_come_again()
    {
        using var cancelled = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Samples.Fit(Part, First, cancelled, callbacks: new CancelAfter(7, cancelled)));
        var messages = new Messages();
        Samples.Fit(Part, start: First, callbacks: messages);
        Assert.Equal([$"Going on from '{First}' after 2 epochs."], messages.Texts);
    }

    [Fact]
    public void Each_part_has_its_own_options()
    {
        Samples.Fit(Part, First);
        var slow = Samples.Fit(Part with { BatchSize = 30 }, start: First);
        var fast = Samples.Fit(Part with { BatchSize = 30, Optimizer = new Adam { LearningRate = 0.1 } }, start: First);
        Assert.False(slow.Weights.First().Data.AsSpan().SequenceEqual(fast.Weights.First().Data));
        // Both began with the trained weights, and not anew.
        var anew = Samples.Fit(Part with { BatchSize = 30 });
        Assert.True(slow.Report.Epochs[0].Validation["loss"] < anew.Report.Epochs[0].Validation["loss"]);
    }

    // The last epochs of the part, counted in its own steps, would have seeds of the training before.
    [Fact]
    public void No_seed_of_a_step_comes_twice_where_a_part_has_fewer_steps()
    {
        Seeds first = new(), second = new();
        Samples.Fit(Part, First, hooks: [first]);
        Samples.Fit(Part with { BatchSize = 30 }, start: First, hooks: [second]);
        Assert.Equal(12, first.Of.Count);
        Assert.Equal(6, second.Of.Count);
        Assert.Equal(18, first.Of.Concat(second.Of).Distinct().Count());
    }

    [Fact]
    public void A_training_that_depends_on_its_length_cannot_go_on()
    {
        Samples.Fit(Part, First);
        var refused = Assert.Throws<ArgumentException>(() => Samples.Fit(Part, start: First, hooks: [new LengthHook()]));
        Assert.Contains("depends on how long it is", refused.Message);
    }

    [Fact]
    public void Another_kind_of_optimizer_begins_anew_and_a_message_says_so()
    {
        Samples.Fit(Part, First);
        Messages same = new(), other = new();
        Samples.Fit(Part, start: First, callbacks: same);
        Samples.Fit(Part with { Optimizer = new Sgd { Momentum = 0.9 } }, start: First, callbacks: other);
        Assert.Equal([$"Going on from '{First}' after 2 epochs."], same.Texts);
        Assert.Equal([$"Going on from '{First}' after 2 epochs; its optimizer was another one, so this one begins anew."], other.Texts);
    }

    [Fact]
    public void A_part_that_was_interrupted_continues_from_its_own_checkpoint_also_without_the_one_it_began_with()
    {
        Samples.Fit(Part, First);
        var straight = Samples.Fit(Part, start: First);
        using var cancelled = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(
            () => Samples.Fit(Part, Second, cancelled, start: First, callbacks: new CancelAfter(7, cancelled)));
        File.Delete(First);
        Samples.AssertSame(straight.Weights, Samples.Fit(Part, Second, start: First).Weights);
    }

    [Fact]
    public void A_checkpoint_of_a_training_that_began_otherwise_is_refused()
    {
        var third = Path.Combine(folder, "third");
        Samples.Fit(Part, First);
        Samples.Fit(Part with { Epochs = 1 }, third);
        Samples.Fit(Part, Second, start: First);
        Assert.Contains("went on from another than", Refused(() => Samples.Fit(Part, Second, start: third)));
        Assert.Contains("went on from another;", Refused(() => Samples.Fit(Part, Second)));
        Assert.Contains("went on from no other", Refused(() => Samples.Fit(Part, First, start: third)));
    }

    [Fact]
    public void What_cannot_be_gone_on_from_is_one_clear_error()
    {
        Assert.Contains("is not there", Refused(() => Samples.Fit(Part, start: First)));
        Samples.Fit(Part, First);
        var wider = new MlNetDl.Analysis.Network(new Sequential(new Linear(13), new Linear(Samples.Classes)), Shape.Vector(Samples.Width));
        Assert.Contains("name a checkpoint of a training of the same network", Refused(() => Samples.Fit(Part, start: First, network: wider)));
        File.WriteAllBytes(First, File.ReadAllBytes(First)[..^1]);
        Assert.Contains("is damaged", Refused(() => Samples.Fit(Part, start: First)));
        var recipe = new Recipe
        {
            Task = PredictionTask.Multiclass.Of(),
            Training = Part with { Stages = [new Fit()] },
            StartCheckpoint = First,
        };
        Assert.Contains("leave training.stages out", Assert.Throws<ArgumentException>(() => recipe.Run(Samples.Blobs())).Message);
    }

    [Fact]
    public void A_callback_hears_of_a_checkpoint_when_its_file_is_there()
    {
        var written = new Written(First);
        Samples.Fit(Part, First, interval: TimeSpan.Zero, callbacks: written);
        // 6 steps an epoch, each with a checkpoint, and one at the end.
        Assert.Equal([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2], written.Epochs);
        Assert.DoesNotContain(false, written.WereThere);
        var without = new Written(First);
        Samples.Fit(Part, callbacks: without);
        Assert.Empty(without.Epochs);
    }

    [Fact]
    public void A_callback_that_fails_when_it_hears_of_a_checkpoint_does_not_hide_a_cancellation()
    {
        using var cancelled = new CancellationTokenSource();
        var e = Assert.Throws<OperationCanceledException>(
            () => Samples.Fit(Part, First, cancelled, callbacks: [new CancelAfter(7, cancelled), new Closed()]));
        Assert.Equal("the store is closed", e.InnerException!.Message);
        Assert.Equal(cancelled.Token, e.CancellationToken);
        Assert.True(File.Exists(First));
        // Without a cancellation the failure is what ended the training.
        Assert.Throws<ObjectDisposedException>(() => Samples.Fit(Part, Second, callbacks: new Closed()));
    }

    private static string Refused(Action train) => Assert.Throws<InvalidDataException>(train).Message;

    private sealed class Seeds : StepHook
    {
        public List<long> Of { get; } = [];

        public override void GradientsReady(StepPosition at) => Of.Add(TorchSharp.torch.initial_seed());
    }

    private sealed class LengthHook : StepHook
    {
        public override bool DependsOnLength => true;
    }

    private sealed class Closed : Callback
    {
        public override void CheckpointWritten(int epochs) => throw new ObjectDisposedException(null, "the store is closed");
    }

    private sealed class Written(string path) : Callback
    {
        private long before;

        public List<int> Epochs { get; } = [];

        public List<bool> WereThere { get; } = [];

        public override void CheckpointWritten(int epochs)
        {
            Epochs.Add(epochs);
            WereThere.Add(new FileInfo(path) is { Exists: true, LastWriteTimeUtc.Ticks: var ticks } && ticks >= before);
            before = File.GetLastWriteTimeUtc(path).Ticks;
        }
    }
}
