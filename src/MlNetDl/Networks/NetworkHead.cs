using MlNetDl.Analysis;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Networks;

/// <summary>Which weights of a network are of its backbone, and which of its head.</summary>
internal static class NetworkHead
{
    /// <summary>The word for all layers of the backbone in <see cref="NetworkSpec.Freeze"/>.</summary>
    public const string Backbone = "backbone";

    /// <summary>The names of the backbone's weights in the whole network.</summary>
    /// <param name="spec">The architecture.</param>
    /// <param name="context">The demands of the data.</param>
    public static IReadOnlySet<string> BackboneWeights(NetworkSpec spec, ModelContext context)
    {
        // As in the whole tree, where the head stands behind the backbone's children.
        Layer Named(Layer backbone) => backbone is Sequential ? backbone with { Name = "" } : new Sequential(backbone) { Name = "" };
        var network = context.Inputs.Count > 0
            ? NamedInputs.Network(new Sequential(Named(spec.Backbone(context.Inputs[0].Shape))), context.Inputs, context.InputPreprocessing)
            : new Network(new Sequential([.. context.Preprocessing, Named(spec.Backbone(context.Input))]), context.Input);
        return network.Plan().Parameters.Select(p => p.Name).ToHashSet();
    }

    /// <summary>The paths of the layers with weights that stay as they are.</summary>
    /// <param name="spec">The architecture.</param>
    /// <param name="context">The demands of the data.</param>
    /// <param name="network">The whole network.</param>
    /// <exception cref="ArgumentException">A name is of no layer, or nothing would be left to train.</exception>
    public static IReadOnlySet<string> Frozen(NetworkSpec spec, ModelContext context, Network network)
    {
        var layers = network.Plan().Parameters.Where(p => p.Parameter.Trainable).Select(p => LayerOf(p.Name)).ToHashSet();
        var frozen = new HashSet<string>();
        foreach (var name in spec.Freeze ?? [])
        {
            HashSet<string> found = [.. layers.Where(l => IsIn(l, name))];
            if (found.Count == 0 && name == Backbone)
            {
                found = [.. BackboneWeights(spec, context).Select(LayerOf).Where(layers.Contains)];
            }

            frozen.UnionWith(found.Count > 0 ? found : throw new ArgumentException(
                $"network.freeze names '{name}', but no layer with weights is there; it may name {Backbone}, all layers but the head, or a layer by the "
                    + $"beginning of its path: {string.Join(", ", layers.Take(20))}{(layers.Count > 20 ? ", …" : "")}."));
        }

        return frozen.Count < layers.Count ? frozen : throw new ArgumentException(
            $"network.freeze ({string.Join(", ", spec.Freeze!)}) leaves no layer to train; leave one out of it.");
    }

    /// <summary>Whether a layer is another, or within it.</summary>
    public static bool IsIn(string layer, string other) => layer == other || layer.StartsWith(other + "/", StringComparison.Ordinal);

    /// <summary>The path of the layer that a weight is of.</summary>
    public static string LayerOf(string weight) => weight[..weight.LastIndexOf('.')];
}
