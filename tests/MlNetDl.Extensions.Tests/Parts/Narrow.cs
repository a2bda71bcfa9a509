using MlNetDl.Analysis;
using MlNetDl.Layers;
using MlNetDl.Training;

namespace MlNetDl.Extensions.Tests.Parts;

/// <summary>A stage that changes the tree: keeps the hidden units with the largest weights, rebuilds both layers around
/// them narrower, and trains on.</summary>
public sealed record Narrow : Stage
{
    /// <summary>Path of the layer that loses units.</summary>
    public string Layer { get; init; } = "hidden1";

    /// <summary>Path of the layer that reads them.</summary>
    public string Reader { get; init; } = "output";

    /// <summary>Units that stay, 1 or more.</summary>
    public int Keep { get; init; } = 8;

    /// <summary>Epochs to train on; 0 trains none.</summary>
    public int Epochs { get; init; } = 1;

    public override TrainedModel Run(StageContext context)
    {
        var (name, network) = context.Model.Networks.Single();
        var weights = context.Model.Weights[name];
        var (rows, columns) = (weights[$"{Layer}.weight"], weights[$"{Reader}.weight"]);
        int inputs = (int)rows.Dims[1], units = (int)rows.Dims[0], outputs = (int)columns.Dims[0];
        var kept = Enumerable.Range(0, units).OrderByDescending(u => Norm(rows.Data, u * inputs, inputs)).Take(Keep).Order().ToList();
        var cut = new Dictionary<string, WeightArray>
        {
            [rows.Name] = new(rows.Name, [kept.Count, inputs], [.. kept.SelectMany(u => rows.Data.Skip(u * inputs).Take(inputs))]),
            [columns.Name] = new(
                columns.Name,
                [outputs, kept.Count],
                [.. Enumerable.Range(0, outputs).SelectMany(o => kept.Select(u => columns.Data[(o * units) + u]))]),
            [$"{Layer}.bias"] = new($"{Layer}.bias", [kept.Count], [.. kept.Select(u => weights[$"{Layer}.bias"].Data[u])]),
        };
        var narrower = network with
        {
            Root = LayerTree.Map(network.Root, (place, leaf) =>
                place.Path == Layer && leaf is Linear linear ? linear with { Out = kept.Count } : leaf),
        };
        var model = new TrainedModel(
            new Dictionary<string, Network> { [name] = narrower },
            new Dictionary<string, Weights> { [name] = new(weights.Select(w => cut.GetValueOrDefault(w.Name, w))) });
        return Epochs == 0 ? model : context.Fit(model, context.Options with { Epochs = Epochs });
    }

    private static double Norm(float[] data, int start, int count) => data.AsSpan(start, count).ToArray().Sum(v => (double)v * v);
}
