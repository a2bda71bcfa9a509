using MlNetDl.Training;
using TorchSharp;

namespace MlNetDl.Tests.Training;

[Collection("torch")]
public sealed class MemoryTests
{
    [Fact]
    public void Live_tensors_and_memory_stay_flat_over_200_steps()
    {
        // What other tests left to the collector does not go while this one counts.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var watch = new Watch();
        Samples.Fit(
            Samples.Options with
            {
                Epochs = 40,
                BatchSize = 15,
                RestoreBestWeights = true,
                ClassWeights = ClassWeights.Of(("2", 2)),
                ClipNorm = 1,
            },
            callbacks: watch);
        Assert.Equal(240, watch.Tensors.Count);
        Assert.Single(watch.Tensors.Skip(12).Distinct());
        Assert.True(
            watch.Megabytes[^1] - watch.Megabytes[40] < 40,
            $"{watch.Megabytes[40]} MB after 40 steps, {watch.Megabytes[^1]} MB after 240");
    }

    private sealed class Watch : Callback
    {
        public List<long> Tensors { get; } = [];

        public List<long> Megabytes { get; } = [];

        public override void StepEnded(TrainingProgress progress)
        {
            Tensors.Add(torch.Tensor.TotalCount);
            Megabytes.Add(Environment.WorkingSet >> 20);
        }
    }
}
