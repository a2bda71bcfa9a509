using MlNetDl.Analysis;
using MlNetDl.Data;
using MlNetDl.Metrics;
using MlNetDl.Torch;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>Adds a teacher's terms to the loss. Nothing of the teacher is in checkpoints.</summary>
/// <param name="form">The form of the scores.</param>
/// <param name="temperature">The temperature.</param>
/// <param name="alpha">The teacher's part of the loss.</param>
/// <param name="taught">The teacher's answers; freed with the hook.</param>
/// <param name="terms">Terms of inner values; freed with the hook; <see langword="null"/> for none.</param>
internal sealed class DistillationHook(
    ScoreForm form, double temperature, double alpha, TaughtAnswers taught, InnerTerms? terms) : StepHook
{
    private Given? last;

    /// <inheritdoc/>
    public override IEnumerable<(string Name, Tensor Tensor)> State => terms?.State ?? [];

    /// <inheritdoc/>
    public override void Start(TorchNetwork network, TrainingOptions options) => terms?.Start(network, options);

    /// <inheritdoc/>
    public override Tensor Loss(Batch batch, IReadOnlyDictionary<string, Tensor> outputs, Tensor loss, StepPosition at)
    {
        // Without the teacher's part the loss stays the same tensor, so that the weights stay the same bit for bit.
        if (alpha > 0)
        {
            var student = outputs[Network.DefaultOutput];
            var apart = SoftTargets.Mean(form, student, Answers(batch, student.device, at), temperature, batch.Weights);
            loss = loss.Mul(1 - alpha).Add(apart.Mul(alpha));
        }

        return terms is null ? loss : loss.Add(terms.Of(batch, outputs));
    }

    /// <inheritdoc/>
    public override void Moved(StepPosition at) => terms?.Moved(at);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        last = null;
        taught.Dispose();
        terms?.Dispose();
    }

    // An optimiser may ask for the loss of a batch again.
    private Tensor Answers(Batch batch, Device device, StepPosition at)
    {
        if (last is { } asked && ReferenceEquals(asked.Batch, batch) && asked.Step == at.Step && !asked.Answers.IsInvalid)
        {
            return asked.Answers;
        }

        using var none = no_grad();
        var answers = tensor(taught.Of(batch), device: device).reshape(batch.Count, -1);
        last = new(batch, at.Step, answers);
        return answers;
    }

    // A class: hosts that only score load all types, and have no tensors to hold by value.
    private sealed record Given(Batch Batch, long Step, Tensor Answers);
}
