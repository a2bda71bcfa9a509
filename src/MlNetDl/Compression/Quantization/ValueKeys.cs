using System.Globalization;
using MlNetDl.Analysis;
using MlNetDl.Layers.Contracts;
using MlNetDl.Onnx;

namespace MlNetDl.Compression;

/// <summary>Names of a network's values that are the same in training, in scoring and in every graph: the path of the layer that
/// makes a value, or an input's name behind a colon.</summary>
internal static class ValueKeys
{
    /// <summary>The name of what each slot of a plan holds.</summary>
    public static IReadOnlyDictionary<int, string> Of(Plan plan)
    {
        var keys = plan.Network.Inputs.Index().ToDictionary(i => i.Index, i => $":{i.Item.Name}");
        foreach (var step in plan.Steps)
        {
            foreach (var (number, slot) in step.Outputs.Index())
            {
                keys[slot] = number == 0 ? step.Path : string.Create(CultureInfo.InvariantCulture, $"{step.Path}#{number}");
            }
        }

        return keys;
    }

    /// <summary>For each value of a graph the names of what it holds, in order; several where layers pass a value on.</summary>
    public static ILookup<string, string> OfValues(OnnxNames names)
    {
        var keys = Of(names.Plan);
        return names.Slots.OrderBy(s => s.Key).Where(s => keys.ContainsKey(s.Key)).ToLookup(s => s.Value, s => keys[s.Key]);
    }

    /// <summary>The slots with float values.</summary>
    public static IEnumerable<int> FloatSlots(Plan plan) => plan.Network.Inputs.Index()
        .Where(i => i.Item.Shape.Type == ElementType.Float32)
        .Select(i => i.Index)
        .Concat(plan.Steps.SelectMany(s => s.Outputs.Zip(s.OutputShapes).Where(o => o.Second.Type == ElementType.Float32).Select(o => o.First)));
}
