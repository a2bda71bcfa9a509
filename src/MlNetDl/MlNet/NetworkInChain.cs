using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetDl.MlNet;

/// <summary>The network in a fitted chain, with what stands before it.</summary>
/// <param name="Network">The first network of the chain.</param>
/// <param name="Before">The transformers before it, in order.</param>
internal sealed record NetworkInChain(NeuralNetworkTransformer Network, IReadOnlyList<ITransformer> Before)
{
    /// <summary>The network of a model.</summary>
    /// <exception cref="ArgumentException">There is none in it.</exception>
    public static NetworkInChain Of(ITransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var before = new List<ITransformer>();
        foreach (var part in Parts(model))
        {
            if (part is NeuralNetworkTransformer network)
            {
                return new(network, before);
            }

            before.Add(part);
        }

        throw new ArgumentException($"There is no neural network of this library in the model ({model.GetType().Name}).", nameof(model));
    }

    /// <summary>The data as the network sees it.</summary>
    public IDataView Input(IDataView data) => Before.Aggregate(data, (rows, part) => part.Transform(rows));

    /// <summary>The model with another network in its place.</summary>
    public ITransformer With(ITransformer model, NeuralNetworkTransformer other) =>
        ReferenceEquals(model, Network) ? other
        : model is IEnumerable<ITransformer> chain ? new TransformerChain<ITransformer>([.. chain.Select(part => With(part, other))])
        : model;

    private static IEnumerable<ITransformer> Parts(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.SelectMany(Parts) : [model];
}
