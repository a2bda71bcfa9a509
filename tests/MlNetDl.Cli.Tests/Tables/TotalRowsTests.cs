using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Experiments;

namespace MlNetDl.Cli.Tests.Tables;

/// <summary>Rows that sum the others up are no examples: what is one for sure is left out and said, what may be one is said.</summary>
public sealed class TotalRowsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("city,sold\nA,1\nB,2\nC,3.5\nTotal,6.5\n", 3, "1 row of totals left out (line 5: 'Total')")]
    [InlineData("city,sold\nA,1\nB,2\nC,4\n\nGrand Total:,7\nAverage,2.33\n", 3, "2 rows of totals left out (line 6, 7: 'Grand Total')")]
    [InlineData("stadt;umsatz\nA;1.000,50\nB;2,25\nGesamt;1.002,75\n", 2, "1 row of totals left out (line 4: 'Gesamt')")]
    [InlineData("city,kind,sold\nA,x,1\nB,y,2\n,Total,3\n", 2, "1 row of totals left out (line 4: 'Total')")]
    // Its number is that of no column, so it may be a place.
    [InlineData("city,sold\nA,1\nB,2\nC,4\nTotal,5\n", 4, "1 row may be of totals ('Total' in line 5): remove what is no example")]
    [InlineData("city,sold\nA,1\nSubtotal,1\nB,2\nC,4\n", 4, "1 row may be of totals ('Subtotal' in line 3): remove what is no example")]
    // A word of a column's own.
    [InlineData("brand,sold\nTotal,1\nShell,2\nTotal,4\nShell,5\n", 4, null)]
    [InlineData("city,sold\nA,1\nB,2\nTotality,3\n", 3, null)]
    [InlineData("city,sold\nA,1\nB,2\nC,4\nTOTAL 2024,7\n", 3, "1 row of totals left out (line 5: 'TOTAL 2024')")]
    [InlineData("sold,city,paid\n1,A,1\n2,B,2\n4,C,4\n7,Total,7\n", 3, "1 row of totals left out (line 5: 'Total')")]
    public void What_sums_up_is_no_row(string text, int rows, string? note)
    {
        File.WriteAllText(folder["t.csv"], text);
        var table = Table.Read(folder["t.csv"]);
        Assert.Equal(rows, table.Rows().Count());
        Assert.Equal(rows, table.Load(new MLContext(), null, DataKind.String).GetColumn<float>(table.Columns[^1].Name).Count());
        Assert.Equal(rows, table.Columns[^1].Values);
        Assert.Equal(note, table.Notes.FirstOrDefault(n => n.Contains("totals", StringComparison.Ordinal)));
    }

    // Whatever is beside them, or nothing: all numbers are sums.
    [Theory]
    [InlineData(",30,17", true)]
    [InlineData("all,30,17", true)]
    [InlineData("all,30,7", false)]
    public void Without_a_word_all_numbers_must_be_sums(string last, bool areSums)
    {
        var rows = "ABCDEFGHIJKL".Select((c, i) => $"{c},{(i % 4) + 1},{(i % 3) + (i < 11 ? 0.5 : -0.5)}");
        File.WriteAllLines(folder["t.csv"], rows.Prepend("city,sold,paid").Append(last));
        var table = Table.Read(folder["t.csv"]);
        Assert.Equal(areSums ? 12 : 13, table.Rows().Count());
        Assert.Equal(areSums, table.Notes.Contains("1 row of totals left out (line 14: 'the sums of the rows above')"));
    }

    [Fact]
    public void Where_each_row_gets_a_prediction_it_is_said()
    {
        File.WriteAllText(folder["t.csv"], "city,sold\nA,1\nB,2\nTotal,3\n");
        var table = Table.Read(folder["t.csv"], new() { KeepsBlankRows = true });
        Assert.Equal(3, table.Rows().Count());
        Assert.Contains("1 row may be of totals ('Total' in line 4): each gets a prediction", table.Notes);
    }

    [Fact]
    public void Splits_have_none_of_them()
    {
        File.WriteAllLines(folder["t.csv"], Enumerable.Range(1, 20).Select(i => $"k{i % 2},{i}").Prepend("kind,x").Append("Sum,210"));
        var loaded = new CsvData { Csv = folder["t.csv"], Label = "kind" }.Load(new Tasks.MulticlassClassification());
        Assert.Contains("16 rows to train on, 4 to test with", loaded.Description, StringComparison.Ordinal);
        Assert.Contains("1 row of totals left out (line 22: 'Sum')", loaded.Description, StringComparison.Ordinal);
    }
}
