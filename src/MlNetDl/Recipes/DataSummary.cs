using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.Tasks;

namespace MlNetDl.Recipes;

/// <summary>What one pass over the training part learns: how many rows and classes, and mean and standard deviation of each channel or
/// feature and of each target, weighted by the examples' weights.</summary>
internal sealed class DataSummary(Shape shape, int targetWidth, LabelForm? form)
{
    private readonly int channels = shape.Size(1);
    private readonly double[] sums = new double[shape.Size(1)];
    private readonly double[] squares = new double[shape.Size(1)];
    private readonly double[] targetSums = new double[targetWidth];
    private readonly double[] targetSquares = new double[targetWidth];
    private readonly Dictionary<long, double> classes = [];
    private double weights;

    /// <summary>Shape of a batch of features.</summary>
    public Shape Shape => shape;

    /// <summary>Rows that came.</summary>
    public long Count { get; private set; }

    /// <summary>Different classes among the targets; 1 where targets are no classes.</summary>
    public int Classes => classes.Count;

    /// <summary>The rows of each class, by their weights.</summary>
    /// <param name="count">How many classes there are.</param>
    public IReadOnlyList<double> ClassCounts(int count) => [.. Enumerable.Range(0, count).Select(c => classes.GetValueOrDefault(c))];

    public ValueList<float> Mean => Means(sums, PerChannel);

    public ValueList<float> StandardDeviation => Deviations(sums, squares, PerChannel);

    public ValueList<float> TargetMean => Means(targetSums, weights);

    public ValueList<float> TargetStandardDeviation => Deviations(targetSums, targetSquares, weights);

    private double PerChannel => weights * (shape.ElementsPerExample() / channels);

    public void Add(Row row)
    {
        ReadOnlySpan<float> features = row.Features.Span, values = row.Values.Span;
        float weight = row.Weight;
        Count++;
        weights += weight;
        if (form is not null)
        {
            long index = form.IsClassIndex ? row.Class : form.ClassOf(values);
            classes[index] = classes.GetValueOrDefault(index) + weight;
        }

        int size = features.Length / channels;
        for (int c = 0; c < channels; c++)
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

        for (int k = 0; k < values.Length; k++)
        {
            targetSums[k] += (double)weight * values[k];
            targetSquares[k] += (double)weight * values[k] * values[k];
        }
    }

    private static ValueList<float> Means(double[] sums, double count) => sums.Select(s => count > 0 ? (float)(s / count) : 0f).ToValueList();

    // A feature that never changes is only centred: dividing by its deviation of 0 would make NaN. Against the mean square, as features may be of any unit.
    private static ValueList<float> Deviations(double[] sums, double[] squares, double count) => sums.Zip(squares, (sum, square) =>
    {
        double mean = sum / count, variance = (square / count) - (mean * mean);
        return variance > 1e-12 * square / count ? (float)Math.Sqrt(variance) : 1f;
    }).ToValueList();
}
