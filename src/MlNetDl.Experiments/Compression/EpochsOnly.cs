using MlNetDl.Training;

namespace MlNetDl.Experiments;

/// <summary>Passes a training on without its messages, which would come again with each of many tries.</summary>
internal sealed class EpochsOnly(Callback inner) : Callback
{
    public override void Starting(TrainingStep step, IReadOnlyList<EpochReport> done) => inner.Starting(step, done);

    public override void GradientsReady(TrainingStep step, StepPosition at) => inner.GradientsReady(step, at);

    public override void StepEnded(TrainingProgress progress) => inner.StepEnded(progress);

    public override bool EpochEnded(EpochReport epoch) => inner.EpochEnded(epoch);

    public override void CheckpointWritten(int epochs) => inner.CheckpointWritten(epochs);
}
