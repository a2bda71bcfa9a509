using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Tasks;

namespace MlNetDl.MlNet;

/// <summary>A column that tells a model the class of each row: a key, its text, or a number for each class.</summary>
internal static class ConditionColumn
{
    /// <summary>Refuses a column that tells no class.</summary>
    /// <param name="column">The column.</param>
    /// <param name="classes">The classes that the model knows.</param>
    /// <exception cref="ArgumentException">Its type cannot tell one.</exception>
    public static void Check(DataViewSchema.Column column, ValueList<string> classes)
    {
        bool isKnown = column.Type is TextDataViewType or KeyDataViewType
            || (column.Type is VectorDataViewType { ItemType: NumberDataViewType item } vector
                && item == NumberDataViewType.Single && vector.Size == classes.Count);
        if (!isKnown)
        {
            throw new ArgumentException($"Column '{column.Name}', which tells the model the class of a row, is {column.Type}; give a key, a text, or a vector "
                + $"of {classes.Count} Single, one for each of: {string.Join(", ", classes)}.");
        }
    }

    /// <summary>A reader of the row at hand: 1 at its class, 0 elsewhere; or the numbers as they are.</summary>
    /// <exception cref="InvalidOperationException">When it reads a row whose class is missing, or not known.</exception>
    public static ReadFeatures Reader(DataViewRow row, DataViewSchema.Column column, ValueList<string> classes)
    {
        Check(column, classes);
        if (column.Type is VectorDataViewType)
        {
            return FeatureColumn.Reader(row, column, null);
        }

        var form = new ClassLabel();
        var own = column.Type is TextDataViewType ? new LabelInfo { ClassNames = classes } : form.Describe(column) ?? new();
        var names = own.ClassNames;
        int[] places = [.. names.Select(n => classes.ToList().IndexOf(n))];
        var read = form.Reader(row, column, own);
        var index = new float[1];
        return target =>
        {
            index[0] = float.NaN;
            read(index);
            int place = float.IsNaN(index[0]) || index[0] < 0 ? -1 : places[(int)index[0]];
            if (place < 0)
            {
                throw new InvalidOperationException($"Column '{column.Name}' tells the class of each row, but in row {row.Position + 1} "
                    + (index[0] >= 0 ? $"it is '{names[(int)index[0]]}', which the model does not know" : "it is missing or not known to the model")
                    + $"; it knows: {string.Join(", ", classes)}.");
            }

            target.Clear();
            target[place] = 1;
        };
    }
}
