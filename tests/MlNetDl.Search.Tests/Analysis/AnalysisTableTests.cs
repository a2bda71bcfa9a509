using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using MlNetDl.Search.Analysis;
using MlNetDl.Search.Distributions;

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

    [Theory]
    [InlineData("=1+2")]
    [InlineData("+cmd|' /C calc'!A0")]
    [InlineData("-2+3")]
    [InlineData("@SUM(1,2)")]
    [InlineData("\tx")]
    [InlineData("\r=1")]
    [InlineData("-")]
    [InlineData("=")]
    [InlineData("--1")]
    [InlineData("1.5.2")]
    [InlineData("'=1")]
    [InlineData("''+")]
    [InlineData("'-1")]
    [InlineData("'quoted'")]
    [InlineData("'")]
    [InlineData("a=b")]
    [InlineData(" =1")]
    [InlineData("")]
    public void A_text_is_no_formula_and_can_be_read_again(string text)
    {
        var cell = new AnalysisTable("t", ["x"], [[text]]).ToCsv()["x\n".Length..^1];
        if (cell.StartsWith('"'))
        {
            cell = cell[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal);
        }

        Assert.DoesNotMatch("^[=+\\-@\\t\\r]", cell);
        Assert.Equal(text, Regex.Replace(cell, "^'(?='*[=+\\-@\\t\\r])", ""));
        Assert.Equal(
            text,
            JsonDocument.Parse(new AnalysisTable("t", ["x"], [[text]]).ToJson()).RootElement.GetProperty("rows")[0].GetProperty("x").GetString());
    }

    [Fact]
    public void Numbers_and_numbers_among_options_stay_numbers()
    {
        var options = Choice.Of(-1, -0.5, 1);
        Assert.Equal(
            "x\n-1\n-1.5\n-1e5\n+2\n-Infinity\n-Infinity\n-5\n-0.5\n",
            new AnalysisTable("t", ["x"],
            [
                ["-1"],
                ["-1.5"],
                ["-1e5"],
                ["+2"],
                ["-Infinity"],
                [double.NegativeInfinity],
                [-5L],
                [new ParameterAxis("p", options).Cell(1)],
            ]).ToCsv());
    }

    [Fact]
    public void Headings_and_errors_of_a_study_are_no_formulas()
    {
        Assert.StartsWith("'=evil,", new AnalysisTable("t", ["=evil", "b"], []).ToCsv(), StringComparison.Ordinal);
        var failed = Made.Trial(0, [], ("=p", Choice.Of("=HYPERLINK(1)", "b"), 0)) with { State = TrialState.Failed, Error = "=1+1" };
        var csv = TrialList.Of(History.Of([failed])).ToCsv();
        Assert.Contains(",param.=p,", csv, StringComparison.Ordinal);
        Assert.Contains(",'=HYPERLINK(1),", csv, StringComparison.Ordinal);
        Assert.EndsWith(",'=1+1\n", csv, StringComparison.Ordinal);
    }

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
