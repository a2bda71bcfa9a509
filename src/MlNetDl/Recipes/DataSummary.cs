using System.Numerics.Tensors;
using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.Tasks;

namespace MlNetDl.Recipes;

/// <summary>The result of one pass over the training part: the number of rows and classes, and mean and standard
/// deviation of each channel, feature and target, weighted by the examples' weights.</summary>
internal sealed class DataSummary
{
    private readonly System.Range standardized;
    private readonly LabelForm? form;
    private readonly double[] sums;
    private readonly double[] squares;
    private readonly double[] targetSums;
    private readonly double[] targetSquares;
    private readonly Dictionary<long, double> classes = [];
    private readonly IReadOnlyList<(FeaturePart Part, DataSummary Summary)> parts = [];
    private double weights;
    private float[]? first;

    /// <summary>An empty summary, for rows to come.</summary>
    /// <param name="shape">Shape of a batch of rows.</param>
    /// <param name="targets">The targets.</param>
    /// <param name="form">The form of the label.</param>
    /// <param name="inputs">The inputs of a row where there are several.</param>
    public DataSummary(Shape shape, IReadOnlyList<TargetPart> targets, LabelForm? form, ValueList<FeaturePart>? inputs = null)
    {
        (Shape, this.form) = (shape, form);
        parts = [.. (inputs ?? []).Select(p => (p, new DataSummary(p.Shape, [], null)))];
        (sums, squares) = (new double[shape.Size(1)], new double[shape.Size(1)]);
        standardized = targets.FirstOrDefault(t => t.Name == Batch.DefaultTarget)?.Shape.Type == ElementType.Float32
            ? targets.RangeOf(Batch.DefaultTarget)!.Value
            : 0..0;
        int width = standardized.End.Value - standardized.Start.Value;
        (targetSums, targetSquares) = (new double[width], new double[width]);
    }

    /// <summary>A summary without a pass over the rows.</summary>
    public DataSummary(Shape shape, long count) =>
        (Shape, Count, sums, squares, targetSums, targetSquares) = (shape, count, [], [], [], []);

    /// <summary>Shape of a batch of features.</summary>
    public Shape Shape { get; }

    /// <summary>The number of rows so far.</summary>
    public long Count { get; private set; }

    /// <summary>The least token in all parts of the data; 0 where features are no tokens.</summary>
    public long LeastToken { get; private set; }

    /// <summary>The greatest; 0 where features are no tokens.</summary>
    public long GreatestToken { get; private set; }

    /// <summary>The greatest value of a feature in the training part; NaN before there are rows.</summary>
    public float Greatest { get; private set; } = float.NaN;

    /// <summary>Whether all rows of the training part have the same features.</summary>
    public bool IsConstant { get; private set; }

    /// <summary>The number of different classes among the targets; 1 where targets are no classes.</summary>
    public int Classes => classes.Count;

    /// <summary>The rows of each class, by their weights.</summary>
    /// <param name="count">How many classes there are.</param>
    public IReadOnlyList<double> ClassCounts(int count) => [.. Enumerable.Range(0, count).Select(c => classes.GetValueOrDefault(c))];

    public ValueList<float> Mean => Means(sums, PerChannel);

    public ValueList<float> StandardDeviation => Deviations(sums, squares, PerChannel);

    /// <summary>The means of the target named <see cref="Batch.DefaultTarget"/>; empty where it is a class, or where
    /// there is none.</summary>
    public ValueList<float> TargetMean => Means(targetSums, weights);

    /// <inheritdoc cref="TargetMean"/>
    public ValueList<float> TargetStandardDeviation => Deviations(targetSums, targetSquares, weights);


    private double PerChannel => sums.Length == 0 ? 0 : weights * (Shape.ElementsPerExample() / sums.Length);

    /// <summary>The summary of one of several inputs, by its name; <see langword="null"/> where there is no such input.</summary>
    public DataSummary? Of(string input) => parts.FirstOrDefault(p => p.Part.Name == input).Summary;

    /// <summary>Looks at a row of any part.</summary>
    public void Look(Row row)
    {
        foreach (var (part, summary) in parts)
        {
            summary.Look(part.Of(row));
        }

        if (Shape.Type == ElementType.Int64)
        {
            LeastToken = Math.Min(LeastToken, (long)TensorPrimitives.Min(row.Features.Span));
            GreatestToken = Math.Max(GreatestToken, (long)TensorPrimitives.Max(row.Features.Span));
        }
    }

    /// <summary>Counts a row of the training part.</summary>
    public void Add(Row row)
    {
        Look(row);
        foreach (var (part, summary) in parts)
        {
            summary.Add(part.Of(row));
        }

        ReadOnlySpan<float> features = row.Features.Span, values = row.Targets.Span;
        float weight = row.Weight;
        Count++;
        weights += weight;
        IsConstant = Count == 1 || (IsConstant && features.SequenceEqual(first));
        first ??= features.ToArray();
        // NaN is less than all here: rows that have it are refused elsewhere.
        Greatest = float.MaxNumber(Greatest, TensorPrimitives.MaxNumber(features));
        if (form is not null)
        {
            long index = form.ClassOf(values);
            classes[index] = classes.GetValueOrDefault(index) + weight;
        }

        int size = features.Length / sums.Length;
        for (int c = 0; c < sums.Length; c++)
        {
            double sum = 0, square = 0;
            foreach (float x in features.Slice(c * size, size))
            {
                sum += x;
                square += (double)x * x;
            }

            sums[c] += weight * sum;
            squares[c] += weight * square;
        }

        values = values[standardized];
        for (int k = 0; k < values.Length; k++)
        {
            targetSums[k] += (double)weight * values[k];
            targetSquares[k] += (double)weight * values[k] * values[k];
        }
    }

    private static ValueList<float> Means(double[] sums, double count) =>
        sums.Select(s => count > 0 ? (float)(s / count) : 0f).ToValueList();

    // A feature that never changes is only centred: dividing by its deviation of 0 would give NaN. The deviation is
    // compared with the mean square, because features may have any unit.
    private static ValueList<float> Deviations(double[] sums, double[] squares, double count) => sums.Zip(squares, (sum, square) =>
    {
        double mean = sum / count, variance = (square / count) - (mean * mean);
        return variance > 1e-12 * square / count ? (float)Math.Sqrt(variance) : 1f;
    }).ToValueList();
}
