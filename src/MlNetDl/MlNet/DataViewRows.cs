using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Data;
using MlNetDl.Images;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;

namespace MlNetDl.MlNet;

/// <summary>The rows of an <see cref="IDataView"/> that can be trained on: those with a label, without NaN in the features, and with a weight above 0, as ML.NET does.</summary>
internal sealed class DataViewRows : RowSource
{
    private readonly IDataView data;
    private readonly DataViewSchema.Column features;
    private readonly DataViewSchema.Column label;
    private readonly DataViewSchema.Column? weight;
    private readonly Action checkAlive;

    public DataViewRows(IDataView data, NeuralNetworkOptions options, PredictionTask task, Action checkAlive)
    {
        (this.data, this.checkAlive) = (data, checkAlive);
        features = FeatureColumn.Find(data.Schema, options.FeatureColumnName, "Feature");
        label = FeatureColumn.Find(data.Schema, options.LabelColumnName, "Label");
        (Shape, Image) = FeatureColumn.ShapeOf(features, options.InputShape, options.Image);
        Label = LabelColumn.Of(label, task);
        if (options.ExampleWeightColumnName is { } name)
        {
            weight = FeatureColumn.Find(data.Schema, name, "ExampleWeight");
            if (weight.Value.Type != NumberDataViewType.Single)
            {
                throw WrongWeight(name, $"{weight.Value.Type}");
            }
        }
    }

    public override Shape Shape { get; }

    public ImageInput? Image { get; }

    public LabelColumn Label { get; }

    public bool IsNormalized => FeatureColumn.IsNormalized(features);

    public override int TargetWidth => Label.Task == PredictionTask.Multiclass ? 0 : Label.Outputs;

    public override bool Weighted => weight is not null;

    /// <summary>Usable rows; known after the first pass.</summary>
    public override long Count => count ?? throw new InvalidOperationException("The rows have not been read yet.");

    /// <summary>Rows left out for a missing label or NaN; known after the first pass.</summary>
    public long Skipped { get; private set; }

    private long? count;

    public override IEnumerable<Row> Read()
    {
        var columns = weight is { } w ? [features, label, w] : new[] { features, label };
        using var cursor = data.GetRowCursor(columns);
        var read = FeatureColumn.Reader(cursor, features, Image);
        var readLabel = Label.Reader(cursor, label);
        var getWeight = weight is { } column ? cursor.GetGetter<float>(column) : null;
        var values = new float[Shape.ElementsPerExample()];
        var targets = new float[Label.Outputs];
        long used = 0, skipped = 0;
        float exampleWeight = 1;
        while (cursor.MoveNext())
        {
            if ((cursor.Position & 1023) == 0)
            {
                checkAlive();
            }

            if (getWeight is not null)
            {
                getWeight(ref exampleWeight);
                CheckWeight(exampleWeight, cursor.Position, weight!.Value.Name);
                if (exampleWeight == 0)
                {
                    // Counts for nothing: not in the standardisation, and not as a class either.
                    continue;
                }
            }

            readLabel(targets);
            if (Missing(targets.AsSpan(0, TargetWidth == 0 ? 1 : TargetWidth), cursor.Position, label.Name))
            {
                skipped++;
                continue;
            }

            read(values);
            if (Missing(values, cursor.Position, features.Name))
            {
                skipped++;
                continue;
            }

            used++;
            yield return TargetWidth == 0 ? new(values, (long)targets[0], default, exampleWeight) : new(values, -1, targets, exampleWeight);
        }

        (count, Skipped) = (used, skipped);
    }

    /// <summary>The error of weights of another type.</summary>
    public static ArgumentException WrongWeight(string name, string type) => new($"Weight column '{name}' is {type}; expected Single.");

    private static void CheckWeight(float value, long row, string column)
    {
        if (!float.IsFinite(value) || value < 0)
        {
            throw new InvalidOperationException(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"Weight column '{column}' holds {value} in row {row + 1}; expected a finite number, 0 or more. Replace such weights, or leave the rows out with Data.FilterRowsByColumn or Data.FilterRowsByMissingValues."));
        }
    }

    // NaN is "missing" in ML.NET; an infinity is a broken computation before, which training would spread to every weight.
    private static bool Missing(ReadOnlySpan<float> values, long row, string column)
    {
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
            {
                return float.IsNaN(value) ? true : throw new InvalidOperationException($"Column '{column}' holds an infinite value in row {row + 1}; replace it, for instance with Transforms.ReplaceMissingValues or a custom mapping.");
            }
        }

        return false;
    }
}
