using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetDl.Experiments;

/// <summary>Rows that a classifier learns from or is judged on.</summary>
/// <param name="Rows">The features of each row.</param>
/// <param name="Labels">The class of each row, from 0.</param>
internal sealed record LabelledCodes(float[][] Rows, int[] Labels)
{
    /// <summary>The number of rows.</summary>
    public int Count => Rows.Length;

    /// <summary>The rows of a sample with one of its factors as the class.</summary>
    public static LabelledCodes Of(CodeSample sample, int factor) =>
        new([.. Enumerable.Range(0, sample.Count).Select(sample.Code)], sample.Labels[factor]);

    /// <summary>The number of rows of each class.</summary>
    public int[] ClassCounts(int classes)
    {
        var counts = new int[classes];
        foreach (int label in Labels)
        {
            counts[label]++;
        }

        return counts;
    }

    /// <summary>The rows with their classes as keys, which ML.NET counts from 1.</summary>
    public IDataView Keyed(MLContext ml, int classes)
    {
        var schema = Schema(typeof(KeyedRow));
        schema[nameof(KeyedRow.Label)].ColumnType = new KeyDataViewType(typeof(uint), (ulong)classes);
        return ml.Data.LoadFromEnumerable(Rows.Select((row, i) => new KeyedRow { Features = row, Label = (uint)Labels[i] }), schema);
    }

    /// <summary>The rows with the question whether they are of a class. Weights make both answers count the same.</summary>
    public IDataView Against(MLContext ml, int label)
    {
        double share = Labels.Count(l => l == label) / (double)Count;
        return ml.Data.LoadFromEnumerable(
            Rows.Select((row, i) => new WeightedRow
            {
                Features = row,
                Label = Labels[i] == label,
                Weight = (float)(0.5 / (Labels[i] == label ? share : 1 - share)),
            }),
            Schema(typeof(WeightedRow)));
    }

    private SchemaDefinition Schema(Type type)
    {
        var schema = SchemaDefinition.Create(type);
        schema[nameof(KeyedRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Rows[0].Length);
        return schema;
    }

    private sealed class KeyedRow
    {
        public float[] Features { get; set; } = [];

        public uint Label { get; set; }
    }

    private sealed class WeightedRow
    {
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }

        public float Weight { get; set; }
    }
}
