using MlNetDl.Layers.Contracts;

namespace MlNetDl.MlNet;

/// <summary>What one pass over the training part learns: how many rows and classes, and mean and standard deviation of each channel or feature and of each target.</summary>
internal sealed class DataSummary(Shape shape, int targetWidth)
{
    private readonly int channels = shape.Size(1);
    private readonly double[] sums = new double[shape.Size(1)];
    private readonly double[] squares = new double[shape.Size(1)];
    private readonly double[] targetSums = new double[targetWidth];
    private readonly double[] targetSquares = new double[targetWidth];
    private readonly HashSet<long> classes = [];

    public long Count { get; private set; }

    public int Classes => classes.Count;

    public ValueList<float> Mean => Means(sums, PerChannel);

    public ValueList<float> StandardDeviation => Deviations(sums, squares, PerChannel);

    public ValueList<float> TargetMean => Means(targetSums, Count);

    public ValueList<float> TargetStandardDeviation => Deviations(targetSums, targetSquares, Count);

    private long PerChannel => Count * (shape.ElementsPerExample() / channels);

    public void Add(ReadOnlySpan<float> features, long label, ReadOnlySpan<float> values)
    {
        Count++;
        classes.Add(values.Length == 1 ? (long)values[0] : label);
        int size = features.Length / channels;
        for (int c = 0; c < channels; c++)
        {
            double sum = 0, square = 0;
            foreach (float x in features.Slice(c * size, size))
            {
                sum += x;
                square += (double)x * x;
            }

            sums[c] += sum;
            squares[c] += square;
        }

        for (int k = 0; k < values.Length; k++)
        {
            targetSums[k] += values[k];
            targetSquares[k] += (double)values[k] * values[k];
        }
    }

    private static ValueList<float> Means(double[] sums, long count) => sums.Select(s => (float)(s / Math.Max(1, count))).ToValueList();

    // A feature that never changes is only centred: dividing by its deviation of 0 would make NaN. Against the mean square, as features may be of any unit.
    private static ValueList<float> Deviations(double[] sums, double[] squares, long count) => sums.Zip(squares, (sum, square) =>
    {
        double mean = sum / Math.Max(1, count), variance = (square / Math.Max(1, count)) - (mean * mean);
        return variance > 1e-12 * square / Math.Max(1, count) ? (float)Math.Sqrt(variance) : 1f;
    }).ToValueList();
}
