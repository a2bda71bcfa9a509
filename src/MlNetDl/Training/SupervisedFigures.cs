using MlNetDl.Configuration;
using MlNetDl.Metrics;
using MlNetDl.Tasks;
using MlNetDl.Torch;
using static TorchSharp.torch;

namespace MlNetDl.Training;

/// <summary>Figures of supervised training over many batches: the loss, and metrics of the scores that a saved model
/// would give. Steps that train with targets use it, those of this library and of a host.</summary>
public sealed class SupervisedFigures
{
    /// <summary>Name of the loss among the figures.</summary>
    public const string Loss = "loss";

    // Σ weight · loss and Σ weight, before the metrics' own sums.
    private const int LossSums = 2;
    private readonly ScoreForm form;
    private readonly TorchNetwork scoring;
    private readonly TargetScale scale;
    private readonly IReadOnlyList<Metric> metrics;
    private readonly MetricRun[] runs;
    private double lossSum;
    private double weightSum;

    /// <summary>Starts with no batch.</summary>
    /// <param name="metrics">The metrics; all must suit the form of the scores.</param>
    /// <param name="form">The form of the scores.</param>
    /// <param name="scoring">Turns the network's outputs into scores, as the saved graph does.</param>
    /// <param name="scale">How the batches' targets were standardised. It brings figures to the label's unit, which the
    /// scores have.</param>
    public SupervisedFigures(IReadOnlyList<Metric> metrics, ScoreForm form, TorchNetwork scoring, TargetScale scale)
    {
        (this.metrics, this.form, this.scoring, this.scale) = (metrics, form, scoring, scale);
        // Sequences of unknown length have a loss, but no fixed number of scores a row.
        runs = [.. metrics.Select(m => m.Start(form, checked((int)scoring.Plan.Outputs[0].Shape.ElementsPerExample())))];
    }

    /// <summary>Where scores are logits, the one above which yes is predicted; that of the task (<see cref="LearningTask.YesAbove"/>). 0 by
    /// default.</summary>
    public float YesAbove { get; init; }

    /// <summary>The figures by name.</summary>
    public IReadOnlyDictionary<string, double> Values
    {
        get
        {
            var values = new Dictionary<string, double> { [Loss] = weightSum > 0 ? lossSum / weightSum : 0 };
            for (int i = 0; i < runs.Length; i++)
            {
                values[metrics[i].FigureName] = runs[i].Value;
            }

            return values;
        }
    }

    /// <summary>All sums, for checkpoints. They exist only where no metric needs all rows. Setting zeros starts
    /// anew.</summary>
    public double[] Sums
    {
        get => [lossSum, weightSum, .. runs.SelectMany(r => r.State)];
        set
        {
            (lossSum, weightSum) = (value[0], value[1]);
            int at = LossSums;
            foreach (var run in runs)
            {
                int length = run.State.Length;
                run.State = value[at..(at + length)];
                at += length;
            }
        }
    }

    /// <summary>Adds a batch.</summary>
    /// <param name="loss">Its mean loss.</param>
    /// <param name="weight">Its weight among other batches.</param>
    /// <param name="outputs">The network's outputs, [N, …].</param>
    /// <param name="targets">The targets, int64 or float32.</param>
    public void Add(double loss, double weight, Tensor outputs, Tensor targets)
    {
        lossSum += loss * weight;
        weightSum += weight;
        if (runs.Length == 0)
        {
            return;
        }

        var scores = scoring.Forward(outputs.detach())[Analysis.Network.DefaultOutput].cpu().contiguous();
        var rows = new ScoredRows(
            form,
            checked((int)(scores.numel() / Math.Max(1, scores.shape[0]))),
            scores.data<float>().ToArray(),
            scale.Undo(Floats(targets)))
        {
            YesAbove = YesAbove,
        };
        for (int i = 0; i < runs.Length; i++)
        {
            Add(metrics[i], runs[i], rows);
        }
    }

    private static void Add(Metric metric, MetricRun run, in ScoredRows rows)
    {
        try
        {
            run.Add(rows);
        }
        catch (Exception e) when (e is not (ComponentException or OperationCanceledException))
        {
            throw new ComponentException(metric, $"{run.GetType().Name}.{nameof(run.Add)}", e);
        }
    }

    private static float[] Floats(Tensor targets)
    {
        var plain = targets.cpu().contiguous();
        return plain.dtype == ScalarType.Int64
            ? Array.ConvertAll(plain.data<long>().ToArray(), t => (float)t)
            : plain.data<float>().ToArray();
    }
}
