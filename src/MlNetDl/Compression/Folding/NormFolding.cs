using MlNetDl.Analysis;
using MlNetDl.Layers;

namespace MlNetDl.Compression;

/// <summary>Folds batch normalisations into the convolutions right before them: w' = k·w and b' = k·(b − μ) + β with
/// k = γ / √(σ² + ε) for each channel (Jacob et al. 2018, arXiv:1712.05877, eq. 14). The place of a normalisation is kept by
/// an <see cref="Identity"/>, so that other weights keep their names.</summary>
internal static class NormFolding
{
    /// <summary>The convolutions and normalisations that can be folded: nothing else reads the convolution's output, and
    /// neither has weights in common with another layer.</summary>
    public static IReadOnlyList<(PlanStep Convolution, PlanStep Norm)> Pairs(Plan plan)
    {
        var readers = plan.Steps.SelectMany(s => s.Inputs).Concat(plan.Outputs.Select(o => o.Slot)).CountBy(slot => slot).ToDictionary();
        var users = plan.Steps.CountBy(s => s.WeightsName).ToDictionary();
        var writers = plan.Steps.Where(s => s.Leaf is Conv2d && s.Outputs.Count == 1).ToDictionary(s => s.Output);
        return
        [
            .. plan.Steps.Where(s => s.Leaf is BatchNorm2d && writers.ContainsKey(s.Inputs[0]) && readers[s.Inputs[0]] == 1)
                .Select(s => (Convolution: writers[s.Inputs[0]], Norm: s))
                .Where(p => users[p.Convolution.WeightsName] == 1 && users[p.Norm.WeightsName] == 1),
        ];
    }

    /// <summary>The network and its weights without these normalisations.</summary>
    public static (Network Network, Weights Weights) Fold(
        Network network, Weights weights, IReadOnlyList<(PlanStep Convolution, PlanStep Norm)> pairs)
    {
        var convolutions = pairs.Select(p => p.Convolution.Path).ToHashSet();
        var norms = pairs.Select(p => p.Norm.Path).ToHashSet();
        var root = LayerTree.Map(network.Root, (place, leaf) => leaf switch
        {
            Conv2d convolution when convolutions.Contains(place.Path) => convolution with { Bias = true },
            BatchNorm2d when norms.Contains(place.Path) => new Identity(),
            _ => leaf,
        });
        var arrays = weights.ToDictionary(w => w.Name);
        foreach (var (convolution, norm) in pairs)
        {
            Fold(arrays, (Conv2d)convolution.Leaf, convolution.WeightsName, (BatchNorm2d)norm.Leaf, norm.WeightsName);
        }

        return (network with { Root = root }, new(arrays.Values));
    }

    private static void Fold(Dictionary<string, WeightArray> arrays, Conv2d convolution, string name, BatchNorm2d norm, string normName)
    {
        float[] Taken(string parameter) => arrays.Remove($"{normName}.{parameter}", out var array) ? array.Data : throw new InvalidDataException(
            $"Weight '{normName}.{parameter}' is missing; the weights are of another network.");
        var (scale, shift, mean, variance) = (Taken("weight"), Taken("bias"), Taken("runningMean"), Taken("runningVariance"));
        var kernel = arrays[$"{name}.weight"];
        var before = convolution.Bias ? arrays[$"{name}.bias"].Data : new float[scale.Length];
        var data = new float[kernel.Data.Length];
        var bias = new float[scale.Length];
        int size = data.Length / scale.Length;
        for (int channel = 0; channel < scale.Length; channel++)
        {
            double factor = scale[channel] / Math.Sqrt(variance[channel] + norm.Epsilon);
            bias[channel] = (float)((factor * (before[channel] - mean[channel])) + shift[channel]);
            for (int i = channel * size; i < (channel + 1) * size; i++)
            {
                // A pruned weight stays zero, and no minus zero, which is stored like a value.
                data[i] = kernel.Data[i] == 0 ? 0 : (float)(factor * kernel.Data[i]);
            }
        }

        arrays[kernel.Name] = kernel with { Data = data };
        arrays[$"{name}.bias"] = new($"{name}.bias", [bias.Length], bias);
    }
}
