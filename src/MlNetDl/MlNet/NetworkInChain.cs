using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetDl.MlNet;

/// <summary>The network in a fitted chain, with what stands before it.</summary>
/// <param name="Network">The network.</param>
/// <param name="Before">The transformers before it, in order.</param>
internal sealed record NetworkInChain(NeuralNetworkTransformer Network, IReadOnlyList<ITransformer> Before)
{
    /// <summary>The network of a model.</summary>
    /// <exception cref="ArgumentException">There is none in it, or several.</exception>
    public static NetworkInChain Of(ITransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var parts = Parts(model).ToList();
        var networks = parts.OfType<NeuralNetworkTransformer>().ToList();
        if (networks is not [var network])
        {
            throw new ArgumentException($"Expected a model with one neural network of this library, but it ({model.GetType().Name}) has "
                + $"{(networks.Count == 0 ? "none" : networks.Count)}; give the fitted network, or the chain with it alone.", nameof(model));
        }

        return new(network, [.. parts.TakeWhile(p => !ReferenceEquals(p, network))]);
    }

    /// <summary>The data as the network sees it.</summary>
    public IDataView Input(IDataView data) => Before.Aggregate(data, (rows, part) => part.Transform(rows));

    /// <summary>The model with another network in its place.</summary>
    public ITransformer With(ITransformer model, NeuralNetworkTransformer other) =>
        ReferenceEquals(model, Network) ? other
        : model is IEnumerable<ITransformer> chain ? ScopedChain.Map(chain, part => With(part, other))
        : model;

    private static IEnumerable<ITransformer> Parts(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.SelectMany(Parts) : [model];
}
