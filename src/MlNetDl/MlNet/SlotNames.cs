using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Configuration;

namespace MlNetDl.MlNet;

/// <summary>The names of the places of a feature vector, by which two vectors of one length can be told apart.</summary>
internal static class SlotNames
{
    // A model file is not to grow by the words of a hashed text.
    private const int Most = 4096;

    /// <summary>The names; empty where the column has none for each place, one twice, or very many.</summary>
    public static ValueList<string> Of(DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType { IsKnownSize: true, Size: <= Most } || !column.HasSlotNames())
        {
            return [];
        }

        var names = default(VBuffer<ReadOnlyMemory<char>>);
        column.GetSlotNames(ref names);
        var texts = names.DenseValues().Select(n => n.ToString()).ToValueList();
        return texts.Contains("") || texts.Distinct().Count() < texts.Count ? [] : texts;
    }
}
