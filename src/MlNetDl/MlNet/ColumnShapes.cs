using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MlNetDl.Layers.Contracts;
using MlNetDl.Tasks;

namespace MlNetDl.MlNet;

/// <summary>Columns of an estimator before there is data: their kinds and types, but no sizes. Errors are the same as
/// with data.</summary>
internal static class ColumnShapes
{
    private const SchemaShape.Column.VectorKind Scalar = SchemaShape.Column.VectorKind.Scalar,
        Vector = SchemaShape.Column.VectorKind.Vector;

    /// <summary>Checks all columns that the options name, and foretells what the label is.</summary>
    /// <exception cref="ArgumentException">A column is absent or of the wrong type.</exception>
    public static LabelInfo Check(IReadOnlyDictionary<string, SchemaShape.Column> columns, NeuralNetworkOptions options, LabelForm? form)
    {
        if (options.FeatureColumns.Count == 0)
        {
            CheckFeatures(Find(columns, options.FeatureColumnName, "Feature"), options.InputShape, options.Image is not null);
        }

        foreach (var input in options.FeatureColumns.Values)
        {
            CheckFeatures(Find(columns, input.Column, "Feature"), input.Shape, input.Image is not null);
        }

        if (options.ExampleWeightColumnName is { } name
            && Find(columns, name, "ExampleWeight") is var weight
            && !Is(weight, NumberDataViewType.Single, Scalar))
        {
            throw DataViewRows.WrongWeight(name, Text(weight));
        }

        if (form is null)
        {
            return new();
        }

        foreach (var further in form.FurtherColumns)
        {
            Find(columns, further, "Label");
        }

        var label = Find(columns, options.LabelColumnName, "Label");
        return form.Foretell(label) ?? throw DataViewRows.WrongLabel(label.Name, Text(label), form);
    }

    private static SchemaShape.Column Find(IReadOnlyDictionary<string, SchemaShape.Column> columns, string name, string role)
    {
        if (!columns.TryGetValue(name, out var column))
        {
            throw FeatureColumn.Absent(name, role, columns.Keys);
        }

        return column;
    }

    private static void CheckFeatures(SchemaShape.Column column, Shape? asked, bool isImage)
    {
        if (asked is { Type: ElementType.Int64 })
        {
            bool takes = IntegerColumn.Takes(column.ItemType) && (column.ItemType is not TextDataViewType || column.Kind == Scalar);
            if (!takes)
            {
                throw IntegerColumn.Wrong(column.Name, Text(column));
            }

            return;
        }

        if (column is { ItemType: var item, Kind: SchemaShape.Column.VectorKind.VariableVector, IsKey: false }
            && item == NumberDataViewType.Single)
        {
            throw FeatureColumn.Problem(column.Name, FeatureColumn.UnknownSize);
        }

        if (column is { IsKey: false, Kind: not Scalar } && column.ItemType == NumberDataViewType.Byte)
        {
            if (!isImage && asked is not { Rank: 4 })
            {
                throw FeatureColumn.Problem(column.Name, EncodedImageColumn.Unsaid);
            }

            return;
        }

        if (!(column.ItemType is ImageDataViewType && column.Kind == Scalar)
            && !Is(column, NumberDataViewType.Single, Scalar)
            && !Is(column, NumberDataViewType.Single, Vector))
        {
            throw FeatureColumn.Problem(column.Name, FeatureColumn.WrongType(Text(column)));
        }
    }

    private static bool Is(SchemaShape.Column column, DataViewType item, SchemaShape.Column.VectorKind kind) =>
        !column.IsKey && column.Kind == kind && column.ItemType == item;

    // The text of a DataViewType, without the sizes.
    private static string Text(SchemaShape.Column column)
    {
        var item = column.IsKey ? $"Key<{column.ItemType}>" : $"{column.ItemType}";
        return column.Kind == Scalar ? item : $"Vector<{item}>";
    }
}
