namespace MlNetDl.Cli.Tests;

/// <summary>Tables as people have them: fields too many or too few, words among numbers, words never seen.</summary>
public sealed class TableTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(
        "1,red,x,7",
        "line 5: 4 fields, but the header has 3. Put values that contain ',' in double quotes.")]
    [InlineData("1,red,x,", "line 5: 4 fields, but the header has 3.")]
    [InlineData("1,red", "line 5: 2 fields, but the header has 3.")]
    [InlineData("1,\"red,x", "line 5: a quote is not closed, or text follows it")]
    [InlineData("\"1,red\",x", "line 5: 2 fields, but the header has 3.")]
    public void A_row_with_other_fields_than_the_header_is_an_error_where_it_stands(string row, string message)
    {
        // An empty line and a comment are left out, and counted.
        File.WriteAllText(folder["t.csv"], $"a,colour,kind\n1,blue,x\n\n// a comment\n{row}\n2,red,y\n");
        Assert.Contains(
            $"'{folder["t.csv"]}', {message}",
            Tool.Fails(1, "run", Experiment(), "--output", folder["run"]),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Quoted_values_may_hold_separators_and_quotes()
    {
        File.WriteAllText(folder["t.csv"], "a,colour,kind\n"
            + string.Concat(Enumerable.Range(0, 40).Select(i => $" {i % 2} ,\"red, or \"\"so\"\"\" ,{"xy"[i % 2]}\n")));
        Run();
        File.WriteAllText(folder["new.csv"], "a,colour\n\n1,\"red, or \"\"so\"\"\"\n");
        var (code, output, error) = Tool.Run("predict", folder["run/model.zip"], folder["new.csv"]);
        Assert.Equal((0, $"mldl: warning: '{folder["new.csv"]}': 1 empty line left out (line 2).\n"), (code, error));
        Assert.StartsWith($"{folder["new.csv"]}:3: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_word_among_numbers_is_told_and_its_column_may_be_stated()
    {
        File.WriteAllText(
            folder["t.csv"],
            "a,colour,kind\n"
                + string.Concat(
                    Enumerable.Range(0, 40).Select(i => $"{(i is 7 or 9 ? "l0" : i % 2)},red,{"xy"[i % 2]}\n")));
        Assert.Contains(
            "  warning: column 'a' is taken for categories: 38 of its values are numbers, 2 are not ('l0' in line 9, "
                + "'l0' in line 11). Correct them; or say what it is: data.numeric: [a] makes a word an error, "
                + "data.categorical: [a] means it so.\n",
            Run(),
            StringComparison.Ordinal);
        Assert.DoesNotContain("warning", Run("data.categorical=[a]"), StringComparison.Ordinal);
        Assert.Contains(
            "line 9: column 'a' holds words ('l0'), but data.numeric says that it holds numbers",
            Fails("data.numeric=[a]"),
            StringComparison.Ordinal);
        Assert.Contains("data.numeric names 'b', which is no column", Fails("data.numeric=[b]"), StringComparison.Ordinal);
        Assert.Contains(
            "Two of data.numeric, data.categorical and data.text name 'colour'",
            Fails("data.categorical=[colour]", "data.numeric=[colour]", "data.ignore=[a]"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_in_which_every_row_has_another_word_is_told()
    {
        File.WriteAllText(
            folder["t.csv"],
            "customer,city,kind\n"
                + string.Concat(Enumerable.Range(0, 40).Select(i => $"C-{i},town {i % 30},{"xy"[i % 2]}\n")));
        const string Warning = "  warning: every row has another value in column 'customer', which is taken for "
            + "categories: did you mean data.ignore: [customer]?\n";
        var output = Run();
        Assert.Contains(Warning, output, StringComparison.Ordinal);
        Assert.DoesNotContain("column 'city'", output, StringComparison.Ordinal);
        Assert.DoesNotContain("warning", Run("data.ignore=[customer]"), StringComparison.Ordinal);
        Assert.DoesNotContain("warning", Run("data.categorical=[customer]"), StringComparison.Ordinal);

        File.WriteAllText(
            folder["t.csv"],
            "day,kind\n"
                + string.Concat(Enumerable.Range(0, 40).Select(i => $"2024-01-{(i == 5 ? 4 : i)},{"xy"[i % 2]}\n")));
        Assert.Contains("warning: nearly every row has another value in column 'day'", Run(), StringComparison.Ordinal);

        // Few rows may differ by chance.
        File.WriteAllText(
            folder["t.csv"],
            "customer,kind\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"C-{i},{"xy"[i % 2]}\n")));
        Assert.DoesNotContain("warning", Run(), StringComparison.Ordinal);
    }

    [Fact]
    public void Words_that_training_did_not_have_are_told_once_a_column()
    {
        File.WriteAllText(
            folder["t.csv"],
            "code,colour,kind\n"
                + string.Concat(Enumerable.Range(0, 40)
                    .Select(i => $"{10 + (i % 2)},{(i % 2 == 0 ? "red" : "blue")},{"xy"[i % 2]}\n")));
        Run("data.categorical=[code]");
        File.WriteAllText(folder["new.csv"], "code,colour,kind\n10,red,x\n12,teal,x\n11,mauve,y\n10,teal,x\n10,,x\n11,a,y\n11,b,y\n");
        string[] expected =
        [
            $"mldl: warning: '{folder["new.csv"]}': column 'code' has 1 value that the training data did not have "
                + "('12'); for the model these are none of the column's categories.",
            $"mldl: warning: '{folder["new.csv"]}': column 'colour' has 5 values that the training data did not have "
                + "('teal', 'mauve', 'a', …); for the model these are none of the column's categories.",
        ];
        foreach (string[] command in (string[][])[
            ["predict", folder["run/model.zip"], folder["new.csv"]],
            ["evaluate", folder["run/model.zip"], "--data", folder["new.csv"]],
        ])
        {
            var (code, _, error) = Tool.Run(command);
            Assert.Equal(0, code);
            Assert.Equal(expected, error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        }
    }

    private string Run(params string[] changes)
    {
        if (Directory.Exists(folder["run"]))
        {
            Directory.Delete(folder["run"], recursive: true);
        }

        var (code, output, error) = Tool.Run(["run", Experiment(), "--output", folder["run"], .. changes]);
        Assert.True(code == 0, error);
        return output.ReplaceLineEndings("\n");
    }

    private string Fails(params string[] changes) => Tool.Fails(1, ["run", Experiment(), "--output", folder["failed"], .. changes]);

    private string Experiment()
    {
        File.WriteAllText(folder["a.yaml"], $"{{ name: t, data: {{ csv: '{folder["t.csv"]}', label: kind }}, network: "
            + "mlp, training: { epochs: 2 } }");
        return folder["a.yaml"];
    }
}
