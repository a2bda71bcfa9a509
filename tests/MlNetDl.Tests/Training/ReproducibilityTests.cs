using MlNetDl.Torch;
using TorchSharp;

namespace MlNetDl.Tests.Training;

[Collection("torch")]
public sealed class ReproducibilityTests
{
    [Fact]
    public void The_same_seed_gives_the_same_weights_bit_for_bit()
    {
        var first = Samples.Fit(Samples.Options);
        torch.manual_seed(99); // What the process did in between does not matter.
        var second = Samples.Fit(Samples.Options);
        Samples.AssertSame(first.Weights, second.Weights);
        Assert.Equal(first.Report.Epochs.Select(Samples.Figures), second.Report.Epochs.Select(Samples.Figures));
    }

    [Fact]
    public void Another_seed_gives_other_weights()
    {
        var first = Samples.Fit(Samples.Options).Weights;
        var second = Samples.Fit(Samples.Options with { Seed = 8 }).Weights;
        Assert.All(
            first.Where(w => w.Name.EndsWith("weight", StringComparison.Ordinal)),
            w => Assert.NotEqual(w.Data, second[w.Name].Data));
    }

    [Fact]
    public async Task Two_trainings_started_at_once_equal_two_run_one_after_the_other()
    {
        var (a, b) = (Samples.Options, Samples.Options with { Seed = 8, Threads = 2 });
        var (expectedA, expectedB) = (Samples.Fit(a).Weights, Samples.Fit(b).Weights);
        using var start = new Barrier(2);
        var both = await Task.WhenAll(new[] { a, b }.Select(options => Task.Factory.StartNew(() =>
        {
            start.SignalAndWait();
            return Samples.Fit(options).Weights;
        }, TaskCreationOptions.LongRunning)));
        Samples.AssertSame(expectedA, both[0]);
        Samples.AssertSame(expectedB, both[1]);
    }

    [Fact]
    public void Threads_are_set_while_training_and_restored_after()
    {
        int before = torch.get_num_threads();
        using (TorchSession.Enter(threads: before + 1))
        {
            Assert.Equal(before + 1, torch.get_num_threads());
            using var inner = TorchSession.Enter(threads: 1);
            Assert.Equal(1, torch.get_num_threads());
        }

        Assert.Equal(before, torch.get_num_threads());
    }

    [Fact]
    public void Waiting_for_the_turn_can_be_cancelled()
    {
        using var session = TorchSession.Enter();
        using var stop = new CancellationTokenSource();
        Exception? error = null;
        var waiting = new Thread(() => error = Record.Exception(() => TorchSession.Enter(stop: stop.Token)));
        waiting.Start();
        stop.Cancel();
        waiting.Join();
        Assert.IsType<OperationCanceledException>(error);
    }
}
