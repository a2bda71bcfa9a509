using System.Globalization;
using MlNetDl.Data;

namespace MlNetDl.Recipes;

/// <summary>A stream that must give the same number of rows at each reading. With fewer rows an epoch would end early;
/// with more, the last ones would be silently left out.</summary>
/// <param name="rows">The stream.</param>
/// <param name="count">The number of rows of the first reading.</param>
internal sealed class SteadyRows(RowSource rows, long count) : RowsOf(rows)
{
    public override long Count => count;

    public override IEnumerable<Row> Read()
    {
        long read = 0;
        foreach (var row in Rows.Read())
        {
            if (++read > count)
            {
                throw Changed("more");
            }

            yield return row;
        }

        if (read < count)
        {
            throw Changed(string.Create(CultureInfo.InvariantCulture, $"{read:N0}"));
        }
    }

    private InvalidOperationException Changed(string now) => new(string.Create(CultureInfo.InvariantCulture,
        $"The data gave {count:N0} usable rows when it was first read and {now} when it was read again for an epoch; data that is "
            + $"streamed must be the same at each reading (ml.Data.Cache makes it so)."));
}
