using System.Globalization;
using MlNetDl.Analysis;
using MlNetDl.Networks;
using MlNetDl.Torch;
using static TorchSharp.torch;

namespace MlNetDl.Recipes;

/// <summary>The networks of a recipe with the weights that they start from: drawn, or a fitted model's.</summary>
internal sealed class StartWeights
{
    private readonly PreviousModel? previous;
    private readonly IReadOnlySet<string>? backbone;

    // For the tree of a model, the path of its last layer.
    private readonly string? head;

    /// <summary>Lays the networks out.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="spec">Its model.</param>
    /// <param name="context">The demands of the data.</param>
    /// <param name="previous">A fitted model to start from; <see langword="null"/> for none.</param>
    /// <exception cref="ArgumentException">The model has no head that could be drawn anew.</exception>
    public StartWeights(Recipe recipe, ModelSpec spec, ModelContext context, PreviousModel? previous)
    {
        this.previous = previous;
        if (recipe.Model is null && previous is not null)
        {
            (Networks, head) = previous.HasNewHead ? previous.NetworksWithHead(context.Outputs) : (previous.Networks, null);
            return;
        }

        Networks = spec.Networks(context);
        if (previous is { HasNewHead: true })
        {
            backbone = NetworkHead.BackboneWeights(spec as NetworkSpec ?? throw new ArgumentException(
                "A new head needs a model of one network that is trained with labels; leave NewHead out."), context);
        }
    }

    /// <summary>The networks.</summary>
    public IReadOnlyDictionary<string, Network> Networks { get; }

    /// <summary>Their weights. One seeded generator fills the networks, one after the other.</summary>
    /// <param name="device">Where they are drawn.</param>
    /// <exception cref="ArgumentException">The fitted model has other weights.</exception>
    public Dictionary<string, Weights> Draw(Device device) => Networks.ToDictionary(n => n.Key, n =>
    {
        if (previous is not null && !previous.HasNewHead)
        {
            return previous.WeightsOf(n.Key, n.Value.Plan(), new([]));
        }

        using var torch = new TorchNetwork(n.Value, device);
        var drawn = torch.ReadWeights();
        return previous is null ? drawn : previous.WeightsOf(n.Key, torch.Plan, new(drawn.Where(w => IsOfHead(w.Name))));
    });

    /// <summary>What is taken of a model to start from, in a sentence; <see langword="null"/> without one, and where a training goes on.</summary>
    /// <param name="continues">Whether the training goes on from it with the same head.</param>
    public string? Said(bool continues)
    {
        if (previous is null || (continues && !previous.HasNewHead))
        {
            return null;
        }

        var names = Networks.Values.Single().Plan().Parameters.Where(p => p.Parameter.Trainable).ToList();
        long all = names.Sum(p => p.Parameter.Count), anew = previous.HasNewHead ? names.Where(p => IsOfHead(p.Name)).Sum(p => p.Parameter.Count) : 0;
        var head = string.Join(", ", names.Where(p => anew > 0 && IsOfHead(p.Name)).Select(p => NetworkHead.LayerOf(p.Name)).Distinct());
        return string.Create(CultureInfo.InvariantCulture, $"{previous.Subject} gives {all - anew:N0} of {all:N0} weights to start from")
            + (anew == 0 ? "." : $"; those of the head ({head}) are drawn, {previous.WhyNewHead}.");
    }

    private bool IsOfHead(string weight) => head is not null ? NetworkHead.LayerOf(weight) == head : !backbone!.Contains(weight);
}
