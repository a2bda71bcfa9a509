using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Experiments;

namespace MlNetDl.Cli.Tests.Tables;

/// <summary>Values that fill in missing ones are found in few passes over the rows.</summary>
public sealed class ColumnValuesTests
{
    [Fact]
    public void Several_columns_are_read_in_one_pass()
    {
        int passes = 0;
        var values = new ColumnValues(View(3), ["a", "b", "d"]);
        Assert.Equal([1, float.NaN, 3], values.Numbers("a"));
        Assert.Equal([2, 4, 6], values.Numbers("b"));
        Assert.Equal([new DateTime(2024, 1, 31, 10, 0, 0), null, null], values.Dates("d"));
        Assert.Equal(1, passes);

        // Of very many rows, one column at a time.
        passes = 0;
        values = new ColumnValues(View(1L << 40), ["a", "b", "d"]);
        Assert.Equal([1, float.NaN, 3], values.Numbers("a"));
        Assert.Equal([2, 4, 6], values.Numbers("b"));
        Assert.Equal([2, 4, 6], values.Numbers("b"));
        Assert.Equal(2, passes);

        IDataView View(long count) => new TableView(
            count, Rows, [Column("a", DataKind.Single, 0), Column("b", DataKind.Single, 1), Column("d", DataKind.String, 2)]);

        IEnumerable<TableRecord> Rows()
        {
            passes++;
            yield return new(1, ["1", "2", "2024-01-31T10:00:00"]);
            yield return new(2, ["", "4", ""]);
            yield return new(3, ["3", "6", "soon"]);
        }

        static TableViewColumn Column(string name, DataKind kind, int place) => new(name, kind, new(name, kind == DataKind.Single, false) { Place = place });
    }
}
