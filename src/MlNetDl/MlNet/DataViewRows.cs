using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Images;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Recipes;
using MlNetDl.Tasks;

namespace MlNetDl.MlNet;

/// <summary>The rows of an <see cref="IDataView"/> that can be trained on: those with a label, without NaN in the
/// features, and with a weight above 0, as ML.NET does.</summary>
internal sealed class DataViewRows : LabelledRows
{
    private readonly IDataView data;
    private readonly IReadOnlyList<FeatureSource> features;
    private readonly DataViewSchema.Column? label;
    private readonly IReadOnlyList<DataViewSchema.Column> labels;
    private readonly DataViewSchema.Column? weight;
    private readonly LabelForm? form;
    private readonly IReadOnlyList<TargetPart> targets;
    private readonly Action checkAlive;

    public DataViewRows(IDataView data, NeuralNetworkOptions options, LabelForm? form, Action checkAlive)
    {
        (this.data, this.form, this.checkAlive) = (data, form, checkAlive);
        features = FeatureSource.Of(data.Schema, options);
        Parts = FeatureSource.Parts(features);
        Shape = Parts.Count == 0 ? features[0].Shape : Shape.Vector(Parts.Sum(p => p.Width));
        label = form is null ? null : FeatureColumn.Find(data.Schema, options.LabelColumnName, "Label");
        labels = label is { } own
            ? [own, .. form!.FurtherColumns.Select(name => FeatureColumn.Find(data.Schema, name, "Label"))]
            : [];
        Label = label is { } column ? form!.Describe(column) ?? throw WrongLabel(column.Name, $"{column.Type}", form) : new();
        targets = form?.Targets(Label) ?? [];
        targets.Check($"a {form?.GetType().Name}");
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

    public override ValueList<FeaturePart> Parts { get; }

    public override ImageInput? Image => Parts.Count == 0 ? features[0].Image : null;

    public override LabelInfo Label { get; }

    public override ValueList<string> FeatureNames => Parts.Count == 0 ? SlotNames.Of(features[0].Column) : [];

    public override bool IsNormalized => Parts.Count == 0 && FeatureColumn.IsNormalized(features[0].Column);

    public override IReadOnlyList<TargetPart> Targets => targets;

    public override bool Weighted => weight is not null;

    /// <summary>Usable rows; known after the first pass.</summary>
    public override long Count => count ?? throw new InvalidOperationException("The rows have not been read yet.");

    /// <summary>Rows left out for a missing label or NaN; known after the first pass.</summary>
    public override long Skipped => skippedRows;

    public override TokenKind Tokens => Parts.Count == 0 ? features[0].Tokens : TokenKind.Unknown;

    /// <summary>Rows of which tokens were left out; known after the first pass.</summary>
    public override long Cut => cutRows;

    private long? count;
    private long skippedRows;
    private long cutRows;

    public override IEnumerable<Row> Read()
    {
        using var cursor = data.GetRowCursor(
            [.. features.Select(f => f.Column), .. labels, .. weight is { } w ? [w] : Array.Empty<DataViewSchema.Column>()]);
        long used = 0, skipped = 0, cut = 0;
        bool wasCut = false;
        var readers = features.Select(f => (f.Column.Name, Read: f.Reader(cursor, () => wasCut = true), Width: (int)f.Shape.ElementsPerExample())).ToList();
        var readLabel = label is { } labelColumn ? form!.Reader(cursor, labelColumn, Label) : null;
        var getWeight = weight is { } column ? cursor.GetGetter<float>(column) : null;
        var values = new float[Shape.ElementsPerExample()];
        var numbers = new float[targets.Width()];
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
                    // Such a row is ignored: it does not change the standardisation, and its class is not counted.
                    continue;
                }
            }

            // What a reader leaves out must not be what the row before had.
            Array.Fill(numbers, float.NaN);
            readLabel?.Invoke(numbers);
            if (Missing(numbers, cursor.Position, label?.Name ?? ""))
            {
                skipped++;
                continue;
            }

            CheckWhole(numbers, cursor.Position);
            wasCut = false;
            bool missing = false;
            int start = 0;
            foreach (var (name, read, width) in readers)
            {
                var part = values.AsSpan(start, width);
                read(part);
                missing |= Missing(part, cursor.Position, name);
                start += width;
            }

            cut += wasCut ? 1 : 0;
            if (missing)
            {
                skipped++;
                continue;
            }

            used++;
            yield return new(values, numbers, exampleWeight);
        }

        (count, skippedRows, cutRows) = (used, skipped, cut);
    }

    private void CheckWhole(ReadOnlySpan<float> numbers, long row)
    {
        int start = 0;
        foreach (var part in targets)
        {
            foreach (float number in part.Shape.Type == ElementType.Int64 ? numbers.Slice(start, part.Width) : [])
            {
                if (number != MathF.Truncate(number) || MathF.Abs(number) > FeatureSource.MostTokens)
                {
                    throw new InvalidOperationException(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                        $"The target '{part.Name}' of row {row + 1} is {number}; it is {part.Shape}, so expected a "
                            + $"whole number of at most {FeatureSource.MostTokens}."));
                }
            }

            start += part.Width;
        }
    }

    /// <summary>The error of weights of another type.</summary>
    public static ArgumentException WrongWeight(string name, string type) => new($"Weight column '{name}' is {type}; expected Single.");

    /// <summary>The error of a label of another type.</summary>
    public static ArgumentException WrongLabel(string name, string type, LabelForm form) => new($"Label column '{name}' is {type}; "
        + $"expected {form.Expected}.");

    private static void CheckWeight(float value, long row, string column)
    {
        if (!float.IsFinite(value) || value < 0)
        {
            throw new InvalidOperationException(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"Weight column '{column}' holds {value} in row {row + 1}; expected a finite number, 0 or more. "
                    + $"Replace such weights, or leave the rows out with Data.FilterRowsByColumn or "
                    + $"Data.FilterRowsByMissingValues."));
        }
    }

    // NaN is "missing" in ML.NET; an infinity is a broken computation before, which training would
    // spread to every weight.
    private static bool Missing(ReadOnlySpan<float> values, long row, string column)
    {
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
            {
                if (!float.IsNaN(value))
                {
                    throw new InvalidOperationException($"Column '{column}' holds an infinite value in row {row + 1}; "
                        + "correct what computes it (a logarithm of 0, a division by 0), or leave such rows out before, by "
                        + "ml.Data.FilterByCustomPredicate.");
                }

                return true;
            }
        }

        return false;
    }
}
