using System.Globalization;
using System.Text.Json;
using MlNetDl.Search.Analysis;

namespace MlNetDl.Search.Tests.Analysis;

public sealed class AnalysisTableTests
{
    private static readonly AnalysisTable Odd = new("odd", ["text", "number"],
    [
        ["a,b", 0.1 + 0.2],
        ["say \"so\"\nnow", double.NaN],
        ["", double.NegativeInfinity],
        [null, null],
        [true, 9007199254740993L],
    ]);

    [Fact]
    public void Csv_quotes_what_it_must_and_keeps_all_digits() => Assert.Equal(
        "text,number\n\"a,b\",0.30000000000000004\n\"say \"\"so\"\"\nnow\",NaN\n\"\",-Infinity\n,\ntrue,9007199254740993\n", Odd.ToCsv());

    [Fact]
    public void Json_holds_the_same()
    {
        var rows = JsonDocument.Parse(Odd.ToJson()).RootElement.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(["a,b", "say \"so\"\nnow", "", null], rows.Take(4).Select(r => r.GetProperty("text").GetString()));
        Assert.Equal(0.1 + 0.2, rows[0].GetProperty("number").GetDouble());
        Assert.Equal("NaN", rows[1].GetProperty("number").GetString());
        Assert.Equal("-Infinity", rows[2].GetProperty("number").GetString());
        Assert.Equal(JsonValueKind.Null, rows[3].GetProperty("number").ValueKind);
        Assert.Equal(9007199254740993L, rows[4].GetProperty("number").GetInt64());
    }

    [Fact]
    public void Numbers_come_back_with_the_same_bits()
    {
        var random = new Random(3);
        double[] numbers = [.. Enumerable.Range(0, 500)
            .Select(_ => BitConverter.Int64BitsToDouble(random.NextInt64()))
            .Where(double.IsFinite)];
        var table = new AnalysisTable("n", ["x"], [.. numbers.Select(n => new object?[] { n })]);
        Assert.Equal(numbers, table.ToCsv().Split('\n')[1..^1].Select(l => double.Parse(l, CultureInfo.InvariantCulture)));
        Assert.Equal(
            numbers,
            JsonDocument.Parse(table.ToJson()).RootElement
                .GetProperty("rows").EnumerateArray()
                .Select(r => r.GetProperty("x").GetDouble()));
    }
}
