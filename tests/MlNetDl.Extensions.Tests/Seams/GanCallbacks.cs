using MlNetDl.Torch;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Extensions.Tests.Seams;

/// <summary>Acts once, after some steps.</summary>
internal sealed class AfterStep(int steps, Action act) : Callback
{
    private int done;

    public override void StepEnded(TrainingProgress progress)
    {
        if (++done == steps)
        {
            act();
        }
    }
}

/// <summary>Draws samples of the generator after each step, in whatever mode.</summary>
internal sealed class SampleGrid : Callback
{
    private TorchNetwork? generator;

    public int Count { get; private set; }

    public override void Starting(TrainingStep step, IReadOnlyList<EpochReport> done) => generator = step.Networks["generator"];

    public override void StepEnded(TrainingProgress progress)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        generator!.SetTraining(false);
        Count += generator.Forward(randn(9, 3))["output"].shape[0] == 9 ? 1 : 0;
    }
}

/// <summary>Says whose trainable weights moved from one backward pass to the next.</summary>
internal sealed class Moves : Callback
{
    private Dictionary<string, float[]>? before;

    public List<string> Moved { get; } = [];

    public override void GradientsReady(TrainingStep step, StepPosition at)
    {
        var now = step.Networks.ToDictionary(
            n => n.Key, n => n.Value.Tensors.Where(t => t.Trainable).SelectMany(t => t.Tensor.cpu().data<float>().ToArray()).ToArray());
        if (before is not null)
        {
            Moved.Add(string.Join(" and ", now.Where(n => !n.Value.SequenceEqual(before[n.Key])).Select(n => n.Key).Order()));
        }

        before = now;
    }
}
