using MlNetDl.Analysis;
using MlNetDl.Torch;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>Measures what rounding does to each layer.</summary>
internal static class RoundingErrors
{
    private const int Rows = 32, Bins = 40;

    // Of what is not off at all.
    private const double MostDecibels = 200;

    /// <summary>The report of a rounded network.</summary>
    /// <param name="context">The model as it is rounded, and the data.</param>
    /// <param name="scheme">How numbers are rounded.</param>
    /// <param name="rows">How many rows the distributions of values are of.</param>
    public static QuantizationReport Of(StageContext context, QuantizationScheme scheme, int rows)
    {
        var plan = context.Model.Networks.Values.Single().Plan();
        var weights = context.Model.Weights.Values.Single();
        var map = new QuantizedMap(plan, weights, scheme.Keep);
        var seen = CalibrationRows.Histograms(context, map, rows);
        var errors = OutputErrors(context, plan, weights, scheme, map);
        return new()
        {
            OutputError = Short(errors[""]),
            Layers =
            [
                .. Layers(plan, map).Select(l =>
                {
                    var (weight, values, grid) = (weights[l.Weight], seen[l.Key], scheme.Ranges[l.Key].Grid(scheme.ValueBits));
                    return new RoundedLayer(l.Path, Short(Noise(weight, map, scheme)), Short(Noise(values, grid)), Short(errors[l.Path]))
                    {
                        Range = new(grid.Least, grid.Greatest),
                        Beyond = Short(Beyond(values, grid)),
                        Weights = WeightHistogram.Of(weight.Data),
                        Values = Coarse(values),
                    };
                }),
            ],
        };
    }

    // The steps whose weights are rounded, with the key of what they read.
    private static IEnumerable<(string Path, string Weight, string Key)> Layers(Plan plan, QuantizedMap map)
    {
        foreach (var step in plan.ForScoring().Steps)
        {
            var weight = step.Parameters.Select(p => $"{step.WeightsName}.{p.Name}").FirstOrDefault(map.Weights.ContainsKey);
            if (weight is not null && map.Roots.TryGetValue((step.Path, 0), out var key))
            {
                yield return (step.Path, weight, key);
            }
        }
    }

    // By the path of the layer that alone is rounded; by an empty one for all.
    private static Dictionary<string, double> OutputErrors(
        StageContext context, Plan plan, Weights weights, QuantizationScheme scheme, QuantizedMap map)
    {
        using var network = new TorchNetwork(plan, TorchSession.Device(context.Options.Device));
        network.LoadWeights(weights);
        network.SetTraining(false);
        var sums = new Dictionary<string, double>();
        double size = 0;
        foreach (var batch in CalibrationRows.Of(context, Rows))
        {
            using var none = no_grad();
            network.Hook = null;
            var exact = network.Forward(batch.Inputs)[Network.DefaultOutput];
            size += exact.Pow(2).sum().item<float>();
            foreach (var path in Layers(plan, map).Select(l => l.Path).Prepend(""))
            {
                context.Stop.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                network.Hook = new FakeQuantization(scheme, map) { Leaves = p => path.Length > 0 && p != path };
                var rounded = network.Forward(batch.Inputs)[Network.DefaultOutput];
                sums[path] = sums.GetValueOrDefault(path) + (rounded - exact).Pow(2).sum().item<float>();
            }
        }

        return sums.ToDictionary(s => s.Key, s => Math.Sqrt(s.Value / Math.Max(size, double.Epsilon)));
    }

    private static double Noise(WeightArray weight, QuantizedMap map, QuantizationScheme scheme)
    {
        int axis = map.Weights[weight.Name].Axis;
        var scales = scheme.ScalesOf(weight.Name, weight.Data, weight.Dims, axis);
        var levels = WeightGrid.Round(weight.Data, weight.Dims, axis, scheme.WeightBits, scales);
        double signal = 0, noise = 0;
        for (int i = 0; i < levels.Length; i++)
        {
            float scale = scales.Length == 1 ? scales[0] : scales[WeightGrid.ChannelOf(i, weight.Dims, axis)];
            signal += (double)weight.Data[i] * weight.Data[i];
            noise += Math.Pow(weight.Data[i] - (scale * levels[i]), 2);
        }

        return Decibels(signal, noise);
    }

    private static double Noise(ValueHistogram values, AffineGrid grid)
    {
        double signal = 0, noise = 0;
        for (int bin = 0; bin < values.Bins.Count; bin++)
        {
            double value = values.Middle(bin);
            signal += values.Bins[bin] * value * value;
            noise += values.Bins[bin] * Math.Pow(value - grid.Round((float)value), 2);
        }

        return Decibels(signal, noise);
    }

    private static double Beyond(ValueHistogram values, AffineGrid grid)
    {
        // A level reaches half a step further.
        var (least, greatest) = (grid.Least - (grid.Scale / 2), grid.Greatest + (grid.Scale / 2));
        long beyond = values.Bins.Index().Where(b => values.Middle(b.Index) < least || values.Middle(b.Index) > greatest).Sum(b => b.Item);
        return (double)beyond / Math.Max(1, values.Bins.Sum() + values.Zeros);
    }

    private static WeightHistogram Coarse(ValueHistogram values)
    {
        var counts = new long[Bins];
        foreach (var (bin, count) in values.Bins.Index())
        {
            counts[bin * Bins / values.Bins.Count] += count;
        }

        return new(values.Extremes.Least, values.Extremes.Greatest, [.. counts], values.Zeros);
    }

    private static double Decibels(double signal, double noise) =>
        noise <= 0 || signal <= 0 ? MostDecibels : Math.Min(MostDecibels, 10 * Math.Log10(signal / noise));

    // Four digits say all, and files stay small.
    private static double Short(double value) => value == 0 || !double.IsFinite(value) ? 0
        : Math.Round(value, Math.Clamp(3 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 12));
}
