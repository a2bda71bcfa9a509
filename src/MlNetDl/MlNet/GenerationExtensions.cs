using Microsoft.ML.Data;
using MlNetDl.Data;
using MlNetDl.Generative;
using MlNetDl.MlNet;
using MlNetDl.Networks;

namespace Microsoft.ML;

/// <summary>What generative models do beside encoding.</summary>
public static class GenerationExtensions
{
    /// <summary>Models that make data.</summary>
    public static GenerationCatalog Generation(this MLContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new(context);
    }

    /// <summary>How likely rows are to a variational autoencoder: −log p(x) by importance sampling, the bound, and how many values of the code
    /// are used.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="model">The fitted model, or a chain that ends with it.</param>
    /// <param name="data">Rows that it was not trained on, with the columns of the training.</param>
    /// <param name="samples">Codes that are drawn for each row, 1 or more; 100 by default. The figure falls as they grow: say how many there
    /// were.</param>
    /// <param name="seed">The seed of what is drawn.</param>
    /// <exception cref="ArgumentException">The model is no variational autoencoder, or the rows do not suit it.</exception>
    public static VaeLikelihood Evaluate(this GenerationCatalog catalog, ITransformer model, IDataView data, int samples = 100, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        var chain = NetworkInChain.Of(model);
        using var vae = VaeModel.Of(chain.Network.Package);
        using var encoder = chain.Network.WithGraph(LatentModel.Reconstruct);
        return vae.Likelihood(GeneratedRows(chain.Input(data), encoder, vae), samples, seed);
    }

    // All rows, and the classes that the model is told of them.
    private static Examples GeneratedRows(IDataView data, NeuralNetworkTransformer network, VaeModel vae)
    {
        var inputs = network.Graph.Inputs;
        var rows = new FloatInputRows(inputs[0], 1);
        using var cursor = data.GetRowCursor(network.InputColumns(data.Schema));
        var read = rows.Reader(cursor);
        var (values, classes, told) = (new List<float>(), new List<long>(), new float[vae.ClassNames.Count]);
        var tell = inputs.FirstOrDefault(i => i.Role == GraphRole.Condition) is { } condition
            ? ConditionColumn.Reader(cursor, FeatureColumn.Find(data.Schema, condition.Column!, "Condition"), vae.ClassNames)
            : null;
        while (cursor.MoveNext())
        {
            read(0);
            values.AddRange(rows.Rows(0));
            tell?.Invoke(told);
            classes.Add(Array.IndexOf(told, told.DefaultIfEmpty().Max()));
        }

        return new(vae.Input, values.ToArray(), tell is null ? null : classes.ToArray()) { ClassNames = vae.ClassNames };
    }

    /// <summary>The transformer that makes rows of codes: a column of codes to <c>Generated</c>.</summary>
    /// <param name="model">The fitted model.</param>
    /// <param name="latentColumnName">The column of codes, a vector of Single; by default the one that the encoder adds, such as
    /// <c>Latent</c>.</param>
    /// <exception cref="ArgumentException">The model has no decoder.</exception>
    public static NeuralNetworkTransformer Decoder(this NeuralNetworkTransformer model, string? latentColumnName = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (latentColumnName is null)
        {
            return model.WithGraph(LatentModel.Decode);
        }

        ArgumentException.ThrowIfNullOrEmpty(latentColumnName);
        // Its first input is the code; where the model is told classes, these are another one.
        var code = model.Package.Manifest.Graphs.FirstOrDefault(g => g.Name == LatentModel.Decode)?.Inputs.First(i => i.Role != GraphRole.Condition);
        return code?.Column is { } column
            ? model.WithGraph(LatentModel.Decode, column, latentColumnName)
            : model.WithGraph(LatentModel.Decode);
    }

    /// <summary>The transformer that makes rows of rows, through their codes: features to <c>Generated</c>.</summary>
    /// <exception cref="ArgumentException">The model does not reconstruct.</exception>
    public static NeuralNetworkTransformer Reconstruction(this NeuralNetworkTransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.WithGraph(Vae.Reconstruct);
    }

    /// <summary>Draws codes from the prior and decodes them: rows in the units of the features.</summary>
    /// <param name="model">The fitted model.</param>
    /// <param name="count">How many rows, 0 or more.</param>
    /// <param name="seed">The same seed gives the same rows everywhere.</param>
    /// <param name="condition">The class of the rows, by its name; without one a model that is told classes makes rows of all of them in turn.</param>
    /// <exception cref="ArgumentException">The model is no variational autoencoder, or does not know the class.</exception>
    public static IReadOnlyList<float[]> Generate(this NeuralNetworkTransformer model, int count, int seed = 0, string? condition = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var vae = VaeModel.Of(model.Package);
        return [.. vae.Generate(count, seed, condition).Chunk(vae.Width)];
    }
}
