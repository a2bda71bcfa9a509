using System.Globalization;
using MlNetDl.Data;

namespace MlNetDl.Recipes;

/// <summary>A stream that must give as many rows at each reading as at the first: with fewer an epoch would end early, and with more the
/// last ones would be left out, without a word.</summary>
/// <param name="rows">The stream.</param>
/// <param name="count">Rows of the first reading.</param>
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
