using System.Globalization;
using MlNetDl.Configuration;
using MlNetDl.Training;

namespace MlNetDl.Compression;

/// <summary>Leaves the layers in float whose rounding costs most, until accuracy falls no more than is allowed.</summary>
internal static class FloatLayers
{
    private const string Accuracy = "accuracy", Loss = "loss";

    // So that a bound of exactly so many rows is not lost by rounding.
    private const double Slack = 1e-9;

    /// <summary>The accuracy of a model in float, on the rows by which <see cref="Within"/> judges.</summary>
    public static double AccuracyOf(StageContext context)
    {
        using var trial = new NetworkTrial(context, int.MaxValue);
        return trial.Figures(trial.Weights)[Accuracy];
    }

    /// <summary>The layers that stay in float, those that stay anyway among them.</summary>
    /// <param name="context">The model and the data. Held-out rows are judged, training rows where none are held out.</param>
    /// <param name="scheme">How numbers are rounded.</param>
    /// <param name="bound">The most that accuracy may fall.</param>
    /// <param name="exact">The accuracy of the model before.</param>
    public static ValueList<string> Within(StageContext context, QuantizationScheme scheme, double bound, double exact)
    {
        using var trial = new NetworkTrial(context, int.MaxValue);

        double Drop(ValueList<string> keep, out double loss)
        {
            context.Stop.ThrowIfCancellationRequested();
            var found = trial.Figures(trial.Weights, new FakeQuantization(scheme, new(trial.Plan, trial.Weights, keep)));
            loss = found[Loss];
            return exact - found[Accuracy];
        }

        var keep = scheme.Keep;
        double whole = Drop(keep, out _), drop = whole;
        if (drop > bound + Slack)
        {
            var map = new QuantizedMap(trial.Plan, trial.Weights, keep);
            var layers = map.Layout.Products.Keys.Select(o => map.Graph.Nodes.First(n => n.Outputs[0] == o).Path).Distinct().ToList();
            var costs = layers.ToDictionary(layer => layer, layer =>
            {
                Drop([.. keep, .. layers.Where(l => l != layer)], out double loss);
                return loss;
            });
            foreach (var layer in layers.OrderByDescending(l => costs[l]))
            {
                keep = [.. keep, layer];
                drop = Drop(keep, out _);
                if (drop <= bound + Slack)
                {
                    break;
                }
            }
        }

        var held = context.Validation is null ? "training rows, as none are held out" : "held-out rows";
        var left = keep.Count == scheme.Keep.Count ? "all layers rounded"
            : string.Create(CultureInfo.InvariantCulture, $"with {string.Join(", ", keep)} in float; {exact - whole:P2} without that");
        context.Message((context.Validation is null ? "warning: " : "") + string.Create(
            CultureInfo.InvariantCulture,
            $"int8: accuracy {exact - drop:P2}, {exact:P2} before, on {trial.Examples:N0} {held} (a fall of at most {bound:P2} is allowed), {left}"));
        return keep;
    }
}
