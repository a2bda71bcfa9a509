using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.MlNet;

namespace MlNetDl.Experiments;

/// <summary>A fitted chain with one network in it.</summary>
/// <param name="Model">The whole chain.</param>
/// <param name="Network">The network in it.</param>
/// <param name="Before">What stands before the network, in order.</param>
internal sealed record FittedChain(ITransformer Model, NeuralNetworkTransformer Network, IReadOnlyList<ITransformer> Before)
{
    /// <summary>Takes a chain apart.</summary>
    /// <exception cref="InvalidDataException">There is no network of this library in it, or there are several.</exception>
    public static FittedChain Of(ITransformer model)
    {
        var parts = Parts(model).ToList();
        var networks = parts.OfType<NeuralNetworkTransformer>().ToList();
        return networks is [var network]
            ? new(model, network, [.. parts.TakeWhile(p => !ReferenceEquals(p, network))])
            : throw new InvalidDataException(
                $"Expected a model with one neural network of this library, but it has {(networks.Count == 0 ? "none" : networks.Count)}.");
    }

    /// <summary>Rows as the network sees them.</summary>
    /// <exception cref="InvalidDataException">The rows lack a column that the chain takes, or have one of another kind.</exception>
    public IDataView Input(IDataView rows)
    {
        try
        {
            return Before.Aggregate(rows, (view, part) => part.Transform(view));
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw Unsuited(e, rows);
        }
    }

    /// <summary>What is said of rows that a chain does not take. ML.NET tells the first column that is not found, or not taken.</summary>
    public static InvalidDataException Unsuited(Exception e, IDataView rows) => new(
        $"The data does not suit what stands before the model's network: {e.Message.Split(" (Parameter '")[0]} "
            + $"The data has the columns {string.Join(", ", rows.Schema.Where(c => !c.IsHidden).Select(c => $"{c.Name} ({c.Type})"))}.",
        e);

    /// <summary>The same chain with another network in its place.</summary>
    public ITransformer With(NeuralNetworkTransformer other) => With(Model, other);

    private ITransformer With(ITransformer part, NeuralNetworkTransformer other) => ReferenceEquals(part, Network) ? other
        : part is IEnumerable<ITransformer> chain ? new TransformerChain<ITransformer>([.. chain.Select(p => With(p, other))])
        : part;

    private static IEnumerable<ITransformer> Parts(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.SelectMany(Parts) : [model];
}
