using MlNetDl.Analysis;
using MlNetDl.Layers;
using MlNetDl.Training;

namespace MlNetDl.Extensions.Tests.Parts;

/// <summary>A stage that removes layers from the tree: all dropout, which scoring does not need.</summary>
public sealed record WithoutDropout : Stage
{
    public override TrainedModel Run(StageContext context) => context.Model with
    {
        Networks = context.Model.Networks.ToDictionary(n => n.Key, n => n.Value with { Root = Without(n.Value.Root) }),
    };

    private static Layers.Contracts.Layer Without(Layers.Contracts.Layer root)
    {
        var paths = new List<string>();
        LayerTree.Map(root, (place, leaf) =>
        {
            paths.AddRange(leaf is Dropout ? [place.Path] : []);
            return leaf;
        });
        return paths.Aggregate(root, LayerTree.Remove);
    }
}
