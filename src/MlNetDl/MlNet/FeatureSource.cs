using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Images;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Recipes;

namespace MlNetDl.MlNet;

/// <summary>A column that training reads features from, as the options say.</summary>
/// <param name="Name">The name of the network's input; empty where there is one.</param>
/// <param name="Column">The column.</param>
/// <param name="Shape">What it gives.</param>
/// <param name="Image">For images, how they are prepared.</param>
internal sealed record FeatureSource(string Name, DataViewSchema.Column Column, Shape Shape, ImageInput? Image)
{
    // Floats hold whole numbers exactly up to there.
    internal const long MostTokens = 1 << 24;

    /// <summary>The columns of the features: one, or several by the names of the network's inputs.</summary>
    /// <exception cref="ArgumentException">A column is absent or of the wrong type.</exception>
    public static IReadOnlyList<FeatureSource> Of(DataViewSchema schema, NeuralNetworkOptions options) =>
        options.FeatureColumns.Count == 0
            ? [Of("", schema, options.FeatureColumnName, options.InputShape, options.Image)]
            : [.. options.FeatureColumns.Select(c => Of(c.Key, schema, c.Value.Column, c.Value.Shape, c.Value.Image))];

    /// <summary>The kind of its tokens.</summary>
    public TokenKind Tokens => Shape.Type != ElementType.Int64 ? TokenKind.Unknown : IntegerColumn.KindOf(Column.Type);

    /// <summary>The inputs of a network of several, one after the other.</summary>
    public static ValueList<FeaturePart> Parts(IReadOnlyList<FeatureSource> sources)
    {
        var parts = new List<FeaturePart>();
        foreach (var source in sources.Count > 1 || sources[0].Name.Length > 0 ? sources : [])
        {
            parts.Add(new(source.Name, source.Column.Name, source.Shape, parts.Sum(p => p.Width))
            {
                Image = source.Image,
                Tokens = source.Tokens,
                IsNormalized = FeatureColumn.IsNormalized(source.Column),
            });
        }

        return [.. parts];
    }

    /// <summary>A reader of the row at hand.</summary>
    /// <param name="row">The row.</param>
    /// <param name="wasCut">Is called for a row that had more tokens than are read.</param>
    public ReadFeatures Reader(DataViewRow row, Action wasCut)
    {
        if (Shape.Type != ElementType.Int64)
        {
            return FeatureColumn.Reader(row, Column, Image);
        }

        var read = IntegerColumn.Reader(row, Column, Shape.Size(1), wasCut);
        return target =>
        {
            var tokens = read();
            for (int i = 0; i < tokens.Length; i++)
            {
                if (tokens[i] > MostTokens)
                {
                    throw new InvalidOperationException(
                        $"Column '{Column.Name}' holds {tokens[i]} in row {row.Position + 1}; a token is at most {MostTokens}.");
                }

                target[i] = tokens[i];
            }
        };
    }

    private static FeatureSource Of(string name, DataViewSchema schema, string columnName, Shape? asked, ImageInput? image)
    {
        var column = FeatureColumn.Find(schema, columnName, "Feature");
        var (shape, input) = FeatureColumn.ShapeOf(column, asked, image);
        return new(name, column, shape, input);
    }
}
