using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Experiments;

namespace MlNetDl.Cli.Tests;

/// <summary>What a table's columns become: dates, missing values, labels, and parts of rows.</summary>
public sealed class TableFeaturesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Dates_are_year_month_weekday_hour_and_days_since_the_first()
    {
        var random = new Random(1);
        DateTime[] dates = [.. Enumerable.Range(0, 300).Select(_ => new DateTime(1890, 1, 1).AddMinutes(random.NextInt64(0, 220L * 365 * 24 * 60)))];
        File.WriteAllLines(folder["t.csv"], dates.Select(d => d.ToString("dd.MM.yyyy HH:mm", CultureInfo.InvariantCulture)).Prepend("d"));
        var rows = Features(new CsvData { Csv = folder["t.csv"], TestCsv = folder["t.csv"] });
        var first = dates.Min();
        for (int i = 0; i < dates.Length; i++)
        {
            var d = dates[i];
            Assert.Equal([d.Year, d.Month, ((int)d.DayOfWeek + 6) % 7], rows[i][..3]);
            Assert.Equal(d.TimeOfDay.TotalHours, rows[i][3], 1e-3);
            // Whole days of the calendar, and the time of the day: float32 has steps of 1/128 at 80,000.
            Assert.Equal((d.Date - first.Date).TotalDays + d.TimeOfDay.TotalDays, rows[i][4], 0.01);
        }
    }

    [Theory]
    [InlineData(MissingValues.Mean, 4f)]
    [InlineData(MissingValues.Median, 1.5f)]
    [InlineData(MissingValues.Mode, 1f)]
    [InlineData(MissingValues.Indicator, 4f, 1f)]
    public void Missing_numbers_are_filled_in_from_the_training_part(MissingValues policy, params float[] filled)
    {
        File.WriteAllText(folder["t.csv"], "a,b\n1,x\n1,x\n2,y\n12,y\nNA,x\n");
        File.WriteAllText(folder["test.csv"], "a,b\n-,x\n100,y\n");
        var data = new CsvData { Csv = folder["t.csv"], TestCsv = folder["test.csv"], Missing = policy, Ignore = ["b"] };
        Assert.Equal(filled, Features(data)[0]);
        Assert.Contains("missing values: a 1 (from line 6, the ", data.Load(null).Description, StringComparison.Ordinal);
        Assert.Contains("a network needs a number", Assert.Throws<InvalidDataException>(() => (data with { Missing = MissingValues.Error }).Load(null)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_have_policies_of_their_own_and_rows_can_be_dropped()
    {
        File.WriteAllText(folder["t.csv"], "a,b,c\n1,,x\n2,2,\n,3,y\n4,6,y\n5,7,x\n");
        var data = new CsvData
        {
            Csv = folder["t.csv"],
            TestCsv = folder["t.csv"],
            Missing = MissingValues.Mode,
            MissingIn = new() { ["a"] = MissingValues.Drop, ["b"] = MissingValues.Median },
        };
        // Without the third row b has the median 6 of 2, 6 and 7; y is x's equal, and x comes first.
        Assert.Equal([[1, 6, 1, 0], [2, 2, 1, 0], [4, 6, 0, 1], [5, 7, 1, 0]], Features(data));
        Assert.Contains("1 row left out for missing values (a 1)", data.Load(null).Description, StringComparison.Ordinal);
    }

    [Fact]
    public void A_saved_model_fills_in_and_refuses_what_it_cannot()
    {
        File.WriteAllLines(folder["t.csv"], Enumerable.Range(0, 60).Select(i =>
            FormattableString.Invariant($"{(i % 9 == 0 ? "NA" : $"{i}")},{i},2024-01-{(i % 28) + 1:00},{"xy"[i % 2]}")).Prepend("a,b,d,kind"));
        File.WriteAllText(folder["t.yaml"], $"name: t\ndata: {{ csv: '{folder["t.csv"]}', label: kind, missingIn: {{ a: median }} }}\n"
            + "network: { type: mlp, hidden: [4] }\ntraining: { epochs: 2, threads: 1 }\n");
        Tool.Json("run", folder["t.yaml"], "--output", folder["run"]);
        string[] Predict(string text)
        {
            File.WriteAllText(folder["p.csv"], text);
            var told = Tool.Run("predict", folder["run/model.zip"], folder["p.csv"], "--json");
            return told.Code == 0 ? [.. JsonNode.Parse(told.Output)!.AsArray().Select(p => p!["source"]!.ToString().Split(':')[^1])] : [told.Error];
        }

        // One output a row, also for one without any value but a date; lines that are none are told.
        Assert.Equal(["2", "3", "5"], Predict("a,b,d\n1,2,2024-01-01\n,3,2024-01-02\n\n?,4,2024-01-03\n"));
        Assert.Contains("line 3: column 'b' is empty", Predict("a,b,d\n1,2,2024-01-01\n2,,2024-01-02\n")[0], StringComparison.Ordinal);
        Assert.Contains("line 3: column 'b' is empty", Predict("a,b,d\n1,2,2024-01-01\n,,\n")[0], StringComparison.Ordinal);
        Assert.Contains("line 3: column 'd' is empty, but the model takes a date", Predict("a,b,d\n1,2,2024-01-01\n1,2,\n")[0], StringComparison.Ordinal);
        Assert.Contains("the model takes dates there", Predict("a,b,d\n1,2,soon\n")[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Two_spellings_of_a_class_are_asked_for()
    {
        File.WriteAllLines(folder["t.csv"], Enumerable.Range(0, 60).Select(i => $"{i % 7},{(i % 2 == 0 ? "dog" : i == 1 ? "Cat" : "cat")}").Prepend("a,kind"));
        var data = new CsvData { Csv = folder["t.csv"], Label = "kind" };
        var message = Assert.Throws<InvalidDataException>(() => data.Load(new Tasks.MulticlassClassification())).Message;
        Assert.Contains("column 'kind': the classes 'Cat' and 'cat' differ in their spelling alone", message, StringComparison.Ordinal);
        Assert.Contains("data.categorical: [kind]", message, StringComparison.Ordinal);
        (data with { Categorical = ["kind"] }).Load(new Tasks.MulticlassClassification());
        // Of letters, the case is what they are.
        File.WriteAllLines(folder["t.csv"], Enumerable.Range(0, 60).Select(i => $"{i % 7},{(i % 2 == 0 ? "a" : "A")}").Prepend("x,kind"));
        data.Load(new Tasks.MulticlassClassification());
    }

    [Fact]
    public void Texts_become_counts_of_their_words()
    {
        string[] good = ["a really good film with heart", "good fun for the whole family", "so good I saw it twice"];
        string[] bad = ["a really bad film without heart", "bad taste and a worse plot", "so bad I left in the middle"];
        File.WriteAllLines(folder["t.csv"], Enumerable.Range(0, 60).Select(i => $"{(i % 2 == 0 ? good : bad)[i % 3]} number {i},{i % 9},{i % 2}")
            .Prepend("review,stars,y"));
        File.WriteAllText(folder["t.yaml"], $"name: t\ntask: binary\ndata: {{ csv: '{folder["t.csv"]}', label: y, ignore: [stars] }}\n"
            + "network: { type: mlp, hidden: [4] }\ntraining: { epochs: 30, threads: 1, optimizer: { type: adam, learningRate: 0.01 } }\n");
        var (code, output, _) = Tool.Run("run", folder["t.yaml"], "--output", folder["run"]);
        Assert.Equal(0, code);
        Assert.Contains("1 column of texts (review)", output, StringComparison.Ordinal);
        Assert.Contains("column 'review' read as texts", output, StringComparison.Ordinal);
        Assert.Contains("accuracy 100.00%", output, StringComparison.Ordinal);
        File.WriteAllText(folder["p.csv"], "review\nthis was a good one\nthis was a bad one\n");
        Assert.Equal(["False", "True"], Tool.Json("predict", folder["run/model.zip"], folder["p.csv"]).AsArray().Select(p => p!["predicted"]!.ToString())
            .Select(p => p == "True" || p == "true" ? "True" : "False"));

        // Numbers beside texts are on their scale, and what is said to be categories is none.
        var both = Features(new CsvData { Csv = folder["t.csv"], TestCsv = folder["t.csv"], Ignore = ["y"], Text = ["review"] });
        Assert.InRange(both.Average(r => r[^1]), -1e-3, 1e-3);
        var categories = new CsvData { Csv = folder["t.csv"], TestCsv = folder["t.csv"], Ignore = ["y", "stars"], Categorical = ["review"] };
        Assert.Equal(60, Features(categories)[0].Length);
    }

    [Fact]
    public void Predictions_stand_beside_the_rows_own_columns()
    {
        File.WriteAllLines(folder["t.csv"], Enumerable.Range(0, 60).Select(i => $"{i};{i % 7},5;{(i % 2 == 0 ? "good" : "bad")}").Prepend(";a;y"));
        File.WriteAllText(folder["t.yaml"], $"name: t\ntask: binary\ndata: {{ csv: '{folder["t.csv"]}', label: y, positive: good }}\n"
            + "network: { type: mlp, hidden: [4] }\ntraining: { epochs: 2, threads: 1 }\n");
        Tool.Json("run", folder["t.yaml"], "--output", folder["run"]);
        File.WriteAllLines(folder["p.csv"], ["name;a", "\"one, two\";1,5", "three;2,5"]);
        string[] predict = ["predict", folder["run/model.zip"], folder["p.csv"], "--output"];
        Assert.Contains("out.csv: 2 rows", Tool.Run([.. predict, folder["out.csv"], "--decimal", ","]).Output, StringComparison.Ordinal);
        var lines = File.ReadAllLines(folder["out.csv"]);
        Assert.Equal("name,a,predicted,probability", lines[0]);
        Assert.StartsWith("\"one, two\",\"1,5\",", lines[1], StringComparison.Ordinal);
        Assert.Equal(3, lines.Length);
        Assert.Contains("name a .csv", Tool.Fails(2, [.. predict, folder["out.txt"]]), StringComparison.Ordinal);
        // A row that is refused leaves no half of a file.
        File.WriteAllLines(folder["p.csv"], ["name;a", "one;1,5", "three;"]);
        Tool.Fails(1, "predict", folder["run/model.zip"], folder["p.csv"], "--output", folder["none.csv"]);
        Assert.False(File.Exists(folder["none.csv"]));

        // The model knows its positive label; a label is never taken for no because its words are not known.
        Assert.Contains("to be one of two words", Tool.Fails(1, "evaluate", folder["run/model.zip"], "--data", folder["t.csv"], "--positive", "great"),
            StringComparison.Ordinal);
        var judged = Tool.Json("evaluate", folder["run/model.zip"], "--data", folder["t.csv"]);
        Assert.True(double.IsFinite((double)judged["auc"]!));
    }

    [Theory]
    [InlineData("yes,no", "", "positive: 'yes'")]
    [InlineData("Y,N", "", "positive: 'Y'")]
    [InlineData("positive,negative", "", "positive: 'positive'")]
    [InlineData("1,-1", "", "positive: '1'")]
    [InlineData("1.0,0.0", "", "positive: '1.0'")]
    [InlineData("TRUE,FALSE", "", "positive: 'TRUE'")]
    [InlineData("malignant,benign", "malignant", "positive: 'malignant'")]
    [InlineData("2,1", "2", "positive: '2'")]
    public void Labels_of_yes_and_no_come_in_many_words(string words, string positive, string note)
    {
        var (yes, no) = (words.Split(',')[0], words.Split(',')[1]);
        File.WriteAllLines(folder["t.csv"], Enumerable.Range(0, 60).Select(i => $"{i % 7},{(i % 3 == 0 ? yes : no)}").Prepend("a,y"));
        var data = new CsvData { Csv = folder["t.csv"], Label = "y", Positive = positive.Length == 0 ? null : positive, TestFraction = 0.25 };
        var loaded = data.Load(new Tasks.BinaryClassification());
        Assert.Contains(note, loaded.Description, StringComparison.Ordinal);
        // Exactly a quarter of all, and of each class.
        Assert.Contains("45 rows to train on, 15 to test with", loaded.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("binary", "a,b", "which one is the positive one? Write data.positive: a")]
    [InlineData("binary", "a,b,c", "holds words ('a', 'b', 'c'); binary needs 0 and 1")]
    [InlineData("binary", "yes,no,1", "say yes and no in more than one way")]
    [InlineData("binary", "1,2", "which one is the positive one?")]
    [InlineData("regression", "0,1", "has '0', '1' alone: are these classes?")]
    [InlineData("regression", "a,b", "regression needs numbers")]
    [InlineData("regression", "1.5,2.5,p. 3", "line 4: column 'y' has 'p. 3', but 40 of its values are numbers")]
    [InlineData("multiclass", "one,one", "a classification needs two classes or more")]
    public void Labels_that_do_not_suit_the_task_are_questioned(string task, string words, string message)
    {
        var all = words.Split(',');
        File.WriteAllLines(folder["t.csv"], Enumerable.Range(0, 60).Select(i => $"{i % 7},{all[i % all.Length]}").Prepend("x,y"));
        Refused(task, message);
    }

    [Fact]
    public void Amounts_are_no_classes_unless_one_says_so()
    {
        File.WriteAllLines(folder["t.csv"], Enumerable.Range(0, 60).Select(i => FormattableString.Invariant($"{i % 7},{i * 0.37}")).Prepend("x,y"));
        Refused("multiclass", "has 60 different numbers in 60 rows: are these amounts? Write task: regression");
        var data = new CsvData { Csv = folder["t.csv"], Label = "y", Categorical = ["y"] };
        var warnings = data.Load(new Tasks.MulticlassClassification()).Warnings;
        Assert.Contains("60 classes of 'y' have fewer than 5 rows: '0' 1, ", warnings[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Id", "{0}", "column 'Id' counts the rows, and tells at best their order: did you mean data.ignore: [Id]?")]
    [InlineData("part", "2025{1:00}{2:00}1", "column 'part' has whole numbers that a network rounds, such as '202501011' in line 2")]
    [InlineData("zip", "0{0:0000}", "column 'zip' has numbers that begin with 0, such as '00000' in line 2")]
    [InlineData("off", "{3}", "column 'off' is taken for categories: 40 of its values are numbers, 20 are not ('5%' in line 3")]
    [InlineData("when", "2025-01-{2:00}{4}", "column 'when' is taken for categories: its first values are dates (yyyy-M-d), but '2025-01-13TBD' in line 42")]
    public void What_may_be_meant_otherwise_is_told(string name, string form, string warning)
    {
        string Value(int i) => string.Format(
            CultureInfo.InvariantCulture, form, i, (i % 12) + 1, (i % 28) + 1, i % 3 == 1 ? "5%" : "0", i == 40 ? "TBD" : "");
        File.WriteAllLines(folder["t.csv"], Enumerable.Range(0, 60).Select(i => $"{Value(i)},{"xy"[i % 2]}").Prepend($"{name},kind"));
        var warnings = new CsvData { Csv = folder["t.csv"], Label = "kind" }.Load(new Tasks.MulticlassClassification()).Warnings;
        Assert.Contains(warnings, w => w.StartsWith(warning, StringComparison.Ordinal));
    }

    [Fact]
    public void A_test_table_is_read_as_the_one_to_train_on_and_what_was_dropped_counts_for_nothing()
    {
        File.WriteAllText(folder["t.csv"], "preis;d;y\n1.234,50;13/04/2024;a\n999,00;01/05/2024;b\nNA;01/06/2024;c\n");
        File.WriteAllText(folder["test.csv"], "preis;d;y\n1.234;03/04/2024;a\n2.000;04/05/2024;b\n");
        var data = new CsvData { Csv = folder["t.csv"], TestCsv = folder["test.csv"], Label = "y", Missing = MissingValues.Drop };
        var loaded = (LoadedRows)data.Load(new Tasks.MulticlassClassification());
        Assert.Equal([1234f, 2000f], loaded.Views.Test.GetColumn<float>("preis"));
        Assert.Equal("2024-04-03T00:00:00", loaded.Views.Test.GetColumn<string>("d").First());
        Assert.DoesNotContain("'c'", string.Join(' ', loaded.Warnings), StringComparison.Ordinal);
        Assert.Contains("1 row left out for missing values (preis 1)", loaded.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_that_say_yes_are_those_of_the_training_and_never_a_usual_no()
    {
        var rows = Enumerable.Range(0, 20).Select(i => $"{i % 3},{(i % 2 == 0 ? "malignant" : "benign")}").Prepend("a,y").ToList();
        File.WriteAllLines(folder["t.csv"], rows);
        File.WriteAllLines(folder["test.csv"], rows.Select(r => r.Replace("malignant", "Malignant", StringComparison.Ordinal)));
        var data = new CsvData { Csv = folder["t.csv"], TestCsv = folder["test.csv"], Label = "y", Positive = "malignant" };
        Assert.Contains("has 'Malignant', which the rows to train on do not have",
            Assert.Throws<InvalidDataException>(() => data.Load(new Tasks.BinaryClassification())).Message, StringComparison.Ordinal);
        File.WriteAllLines(folder["t.csv"], Enumerable.Range(0, 20).Select(i => $"{i % 3},{i % 2}").Prepend("a,y"));
        Assert.Contains("says no everywhere else", Assert.Throws<InvalidDataException>(() =>
            new CsvData { Csv = folder["t.csv"], Label = "y", Positive = "0" }.Load(new Tasks.BinaryClassification())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_test_part_has_its_share_of_each_class()
    {
        string[] classes = [.. Enumerable.Range(0, 1000).Select(i => i < 900 ? "often" : i < 990 ? "seldom" : i < 999 ? "rare" : "once")];
        var (train, test) = RowPart.Split(classes, 0.2, seed: 0);
        Assert.Equal((800, 200), (train.Count, test.Count));
        var rows = classes.Select((c, i) => new TableRecord(i, [c])).ToList();
        var held = test.Of(rows).GroupBy(r => r.Fields[0]).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal(new() { ["often"] = 180, ["seldom"] = 18, ["rare"] = 2 }, held);
        // Where each row is of a class of its own, any may be held out.
        Assert.Equal(20, RowPart.Split([.. Enumerable.Range(0, 100).Select(i => $"{i}")], 0.2, seed: 0).Test.Count);
        Assert.Equal(test.Of(rows).Select(r => r.Line), RowPart.Split(classes, 0.2, seed: 0).Test.Of(rows).Select(r => r.Line));
    }

    private void Refused(string task, string message)
    {
        File.WriteAllText(
            folder["t.yaml"], $"{{ name: t, task: {task}, data: {{ csv: '{folder["t.csv"]}', label: y }}, network: mlp, training: {{ epochs: 1 }} }}");
        Assert.Contains(message, Tool.Fails(1, "run", folder["t.yaml"], "--output", folder["no"]), StringComparison.Ordinal);
    }

    private static float[][] Features(CsvData data)
    {
        var ml = new MLContext();
        var rows = (LoadedRows)data.Load(null);
        var (train, test) = rows.Views;
        var (steps, names) = rows.TableFeatures!.Of(ml, train);
        var chain = steps.Aggregate(new EstimatorChain<ITransformer>(), (all, step) => all.Append(step))
            .Append<ITransformer>(ml.Transforms.Concatenate("F", [.. names]));
        return [.. chain.Fit(train).Transform(test).GetColumn<float[]>("F")];
    }
}
