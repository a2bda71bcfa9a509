using MlNetDl.Metrics;
using MlNetDl.Networks;
using static TorchSharp.torch;

namespace MlNetDl.Training.Metrics;

/// <summary>Figures over many batches, from running sums: loss, and what suits the task.</summary>
/// <remarks>The sums are all the state, so that a checkpoint in the middle of an epoch can hold them.</remarks>
internal abstract class Metric
{
    private const int Weights = 6;

    /// <summary>Running sums; 0 is Σ weight · loss, 1 the examples, 6 Σ weight, the others a task's own.</summary>
    public double[] Sums { get; set; } = new double[7];

    /// <summary>The figures by name.</summary>
    public IReadOnlyDictionary<string, double> Values
    {
        get
        {
            var values = new Dictionary<string, double> { ["loss"] = Sums[Weights] > 0 ? Sums[0] / Sums[Weights] : 0 };
            Add(values);
            return values;
        }
    }

    public static Metric Of(PredictionTask task) => task switch
    {
        PredictionTask.Multiclass => new MulticlassMetric(),
        PredictionTask.Binary => new BinaryMetric(),
        _ => new RegressionMetric(),
    };

    /// <summary>A metric over a whole set, with the figures that need all of it at once.</summary>
    public static Metric OfWhole(PredictionTask task) => task == PredictionTask.Binary ? new BinaryMetric(new RocAuc().Start(ScoreForm.Logit, 1)) : Of(task);

    /// <summary>The figures of validation, any of which can be monitored: a loss falls, the others rise.</summary>
    public static IReadOnlyList<Figure> Figures(PredictionTask task) =>
        [.. OfWhole(task).Values.Keys.Select(name => new Figure(name, name == "loss" ? Goal.Minimize : Goal.Maximize))];

    /// <summary>Adds a batch.</summary>
    /// <param name="loss">Its mean loss.</param>
    /// <param name="weight">What its examples weigh together; <see langword="null"/> when each weighs 1. Batches count by it, so that their size does not change the figure.</param>
    /// <param name="outputs">The network's outputs.</param>
    /// <param name="targets">The targets.</param>
    public void Add(double loss, double? weight, Tensor outputs, Tensor targets)
    {
        long count = targets.shape[0];
        Sums[0] += loss * (weight ?? count);
        Sums[1] += count;
        Sums[Weights] += weight ?? count;
        Collect(outputs, targets);
    }

    protected abstract void Collect(Tensor outputs, Tensor targets);

    protected abstract void Add(Dictionary<string, double> values);

    private sealed class MulticlassMetric : Metric
    {
        protected override void Collect(Tensor outputs, Tensor targets) => Sums[2] += outputs.argmax(1).eq(targets).sum().item<long>();

        protected override void Add(Dictionary<string, double> values) => values["accuracy"] = Sums[2] / Math.Max(1, Sums[1]);
    }

    private sealed class BinaryMetric(MetricRun? curve = null) : Metric
    {
        protected override void Collect(Tensor outputs, Tensor targets)
        {
            Sums[2] += outputs.gt(0).eq(targets.gt(0.5)).sum().item<long>();
            curve?.Add(new(ScoreForm.Logit, 1, outputs.to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray(), targets.to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray()));
        }

        protected override void Add(Dictionary<string, double> values)
        {
            values["accuracy"] = Sums[2] / Math.Max(1, Sums[1]);
            if (curve is not null)
            {
                values["auc"] = curve.Value;
            }
        }
    }

    private sealed class RegressionMetric : Metric
    {
        protected override void Collect(Tensor outputs, Tensor targets)
        {
            var error = (outputs - targets).to(ScalarType.Float64);
            var y = targets.to(ScalarType.Float64);
            Sums[2] += error.pow(2).sum().item<double>();
            Sums[3] += y.sum().item<double>();
            Sums[4] += y.pow(2).sum().item<double>();
            Sums[5] += y.numel();
        }

        protected override void Add(Dictionary<string, double> values)
        {
            double variance = Sums[4] - (Sums[3] * Sums[3] / Math.Max(1, Sums[5]));
            values["r2"] = variance > 0 ? 1 - (Sums[2] / variance) : double.NaN;
        }
    }
}
