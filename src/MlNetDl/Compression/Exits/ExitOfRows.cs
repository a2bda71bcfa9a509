using MlNetDl.Analysis;
using MlNetDl.Layers;
using MlNetDl.Metrics;
using MlNetDl.Tasks;
using MlNetDl.Torch;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>What one exit says of each row.</summary>
/// <param name="step">The step that sends rows on.</param>
/// <param name="macs">Multiply–adds of a row that leaves here.</param>
internal sealed class ExitOfRows(PlanStep step, long macs)
{
    /// <summary>The layer that sends rows on.</summary>
    public HardRows Leaf { get; } = (HardRows)step.Leaf;

    /// <summary>Multiply–adds of a row that leaves here.</summary>
    public long Macs { get; } = macs;

    /// <summary>How sure it is of each row.</summary>
    public List<float> Figures { get; } = [];

    /// <summary>Whether it is right.</summary>
    public List<bool> Right { get; } = [];

    /// <summary>The classes that it predicts in the pass at hand.</summary>
    public long[] Predicted { get; set; } = [];

    /// <summary>Whether a row leaves by a threshold.</summary>
    public bool Leaves(int row, double threshold) =>
        Leaf.By == ExitRule.Entropy ? Figures[row] < (float)threshold : Figures[row] > (float)threshold;

    /// <summary>Whether a step is the one that sends rows on.</summary>
    public bool Is(PlanStep other) => other.Path == step.Path;
}

/// <summary>Keeps what exits say while a network runs.</summary>
/// <param name="exits">The exits.</param>
/// <param name="task">The task, which says what its scores predict.</param>
internal sealed class ExitWatch(IReadOnlyList<ExitOfRows> exits, LearningTask task) : IForwardHook
{
    /// <inheritdoc/>
    public Tensor Input(PlanStep step, int index, Tensor value)
    {
        if (index == 1 && step.Leaf is HardRows && exits.FirstOrDefault(e => e.Is(step)) is { } exit)
        {
            exit.Predicted = Predicted(task, value);
            exit.Figures.AddRange(ExitRules.Figure(exit.Leaf.By, value).cpu().contiguous().data<float>().ToArray());
        }

        return value;
    }

    /// <inheritdoc/>
    public Tensor Weight(PlanStep step, string parameter, Tensor stored) => stored;

    /// <summary>The classes of logits; for a single logit 1 (yes) above the task's threshold.</summary>
    public static long[] Predicted(LearningTask task, Tensor logits) =>
        (task.Scores == ScoreForm.Logit ? logits.reshape(-1).Gt(task.YesAbove).to(ScalarType.Int64) : logits.argmax(1))
            .cpu().contiguous().data<long>().ToArray();
}
