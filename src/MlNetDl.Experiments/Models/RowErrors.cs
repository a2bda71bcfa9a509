using MlNetDl.Data;
using MlNetDl.Generative;

namespace MlNetDl.Experiments;

/// <summary>What the codes of rows make of them.</summary>
internal static class RowErrors
{
    private const int AtOnce = 512;

    /// <summary>The mean squared error of each row, with values divided by the value of white.</summary>
    public static IEnumerable<double> Of(VaeModel model, Examples rows, CancellationToken stop)
    {
        int width = (int)rows.Shape.ElementsPerExample();
        for (int first = 0; first < rows.Count; first += AtOnce)
        {
            stop.ThrowIfCancellationRequested();
            int count = Math.Min(AtOnce, rows.Count - first);
            var values = new float[count * width];
            rows.CopyTo(first, count, values);
            var classes = model.ClassesOf(rows, first, count);
            var made = model.Decode(model.Encode(values, classes).Means, classes);
            for (int row = 0; row < count; row++)
            {
                double sum = 0;
                for (int i = row * width; i < (row + 1) * width; i++)
                {
                    double distance = (made[i] - values[i]) / model.Peak;
                    sum += distance * distance;
                }

                yield return sum / width;
            }
        }
    }
}
