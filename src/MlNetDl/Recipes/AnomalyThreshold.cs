using System.Globalization;
using MlNetDl.Analysis;
using MlNetDl.Data;
using MlNetDl.Generative;
using MlNetDl.Onnx;
using MlNetDl.Tasks;
using static TorchSharp.torch;

namespace MlNetDl.Recipes;

/// <summary>Chooses the threshold of an anomaly detector on held-out rows, or on the training rows where none are held out.</summary>
/// <param name="falseAlarms">The share of these rows that may lie above it.</param>
/// <param name="batches">The rows.</param>
/// <param name="tell">Gets messages.</param>
/// <param name="stop">Ends it.</param>
internal sealed class AnomalyThreshold(double falseAlarms, BatchesOfRun batches, Action<string> tell, CancellationToken stop)
{
    /// <summary>The rows that the threshold is chosen on.</summary>
    public IBatches Rows => batches.Validation ?? batches.Training;

    /// <summary>The threshold.</summary>
    /// <param name="graph">The scoring graph of the trained model.</param>
    /// <exception cref="InvalidOperationException">Scores are not finite.</exception>
    public AnomalyReport Choose(byte[] graph)
    {
        var scores = Scores(graph);
        Array.Sort(scores);
        if (!float.IsFinite(scores[0]) || !float.IsFinite(scores[^1]))
        {
            throw new InvalidOperationException(
                $"The scores of the {Words(scores.Length)} go from {scores[0]} to {scores[^1]}, so no threshold can be chosen; look at the features.");
        }

        // A little slack, so that 0.01 of 300 rows are three.
        int above = (int)((falseAlarms * scores.Length) + 1e-9);
        // Between the scores of two rows, so that no row stands at the threshold itself.
        float least = scores[^(above + 1)], threshold = above == 0 ? least : (float)(((double)least + scores[^above]) / 2);
        int alarms = scores.Count(s => s > threshold);
        Tell(scores, threshold, alarms);
        return new()
        {
            Threshold = threshold,
            FalseAlarms = falseAlarms,
            Rows = scores.Length,
            Alarms = alarms,
            AreHeldOut = batches.Validation is not null,
        };
    }

    // By ONNX Runtime, as a host scores them.
    private float[] Scores(byte[] graph)
    {
        using var model = new OnnxModel(graph, new() { Threads = 1 });
        var scores = new List<float>();
        using var rows = Rows.Epoch(0).GetEnumerator();
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            if (!rows.MoveNext())
            {
                return [.. scores];
            }

            var values = rows.Current.Inputs[0].to(ScalarType.Float32).cpu().contiguous();
            var inputs = new Dictionary<string, OnnxTensor>
            {
                [Network.DefaultInput] = new(values.shape.ToValueList(), values.data<float>().ToArray()),
            };
            scores.AddRange(model.Run(inputs)[AnomalyDetection.ScoreOutput].Floats);
        }
    }

    private void Tell(float[] scores, float threshold, int alarms)
    {
        tell(string.Create(CultureInfo.InvariantCulture,
            $"Rows with a score above {threshold:G6} are strange: {alarms:N0} of the {Words(scores.Length)}, {(double)alarms / scores.Length:0.##%}."));
        if (batches.Validation is null)
        {
            tell("warning: the threshold was chosen on rows that the training has seen, so fresh normal rows have more false alarms than asked for; hold rows "
                + "out (training.validationFraction, such as 0.1), or give a validation set.");
        }

        if (scores[0] == scores[^1])
        {
            tell("warning: all these rows have the same score, so the threshold tells only that other rows are different.");
        }
        else if (falseAlarms * scores.Length < 1 - 1e-9)
        {
            tell(string.Create(CultureInfo.InvariantCulture,
                $"warning: {scores.Length:N0} rows are too few to tell a share of {falseAlarms:0.####%}: the threshold is the greatest of their scores, "
                    + $"and about {1.0 / (scores.Length + 1):0.##%} of fresh normal rows lie above it. "
                    + $"Hold {Math.Ceiling(1 / falseAlarms):N0} rows out, or more."));
        }
    }

    private string Words(int count) => string.Create(
        CultureInfo.InvariantCulture, $"{count:N0} {(batches.Validation is null ? "training" : "held-out")} rows");
}
