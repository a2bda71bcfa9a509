using System.Globalization;
using MlNetDl.Configuration;
using MlNetDl.Training;

namespace MlNetDl.Compression;

/// <summary>Leaves the layers in float whose rounding costs most, until accuracy falls no more than is allowed.</summary>
internal static class FloatLayers
{
    private const string Accuracy = "accuracy", Loss = "loss";

    /// <summary>The layers that stay in float, those that stay anyway among them.</summary>
    /// <param name="context">The model and the data. Held-out rows are judged, training rows where none are held out.</param>
    /// <param name="scheme">How numbers are rounded.</param>
    /// <param name="bound">The most that accuracy may fall.</param>
    /// <exception cref="ArgumentException">The task has no accuracy.</exception>
    public static ValueList<string> Within(StageContext context, QuantizationScheme scheme, double bound)
    {
        using var trial = new NetworkTrial(context, int.MaxValue);
        var exact = trial.Figures(trial.Weights);
        if (!exact.ContainsKey(Accuracy))
        {
            throw new ArgumentException("int8.maxDrop bounds the fall of accuracy, which this task does not have; name layers under keep instead.");
        }

        double Drop(ValueList<string> keep, out double loss)
        {
            context.Stop.ThrowIfCancellationRequested();
            var found = trial.Figures(trial.Weights, new FakeQuantization(scheme, new(trial.Plan, trial.Weights, keep)));
            loss = found[Loss];
            return exact[Accuracy] - found[Accuracy];
        }

        var keep = scheme.Keep;
        double whole = Drop(keep, out _), drop = whole;
        if (drop > bound)
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
                if (drop <= bound)
                {
                    break;
                }
            }
        }

        context.Message(string.Create(CultureInfo.InvariantCulture,
            $"int8: accuracy falls by {drop:P2} of {exact[Accuracy]:P2} on {trial.Examples:N0} {(context.Validation is null ? "training" : "held-out")} rows "
                + $"(at most {bound:P2} allowed), {(keep.Count == scheme.Keep.Count ? "all layers rounded" : $"with {string.Join(", ", keep)} in float; by {whole:P2} without")}"));
        return keep;
    }
}
