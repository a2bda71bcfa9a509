using System.Text.Json.Nodes;
using MlNetDl.Configuration;
using MlNetDl.Experiments;

namespace MlNetDl.Cli.Tests.Sweeps;

/// <summary>The data of sweeps: found from any folder, and known again.</summary>
public sealed class SweepDataTests : IDisposable
{
    private const string Yaml = """
        name: table
        data: { csv: CSV, label: y }
        network: { type: mlp, hidden: [4] }
        training: { epochs: 1, batchSize: 16, validationFraction: 0.2 }
        search:
          space:
            training.batchSize: { choice: [16, 32] }
          objective: { maximize: validation.accuracy }
          maxTrials: 1
        """;

    private readonly SweepTestFolder folder = new();

    public SweepDataTests()
    {
        foreach (var name in new[] { "a.csv", "b.csv" })
        {
            folder.WriteTable(name, otherClass: name);
        }
    }

    private static string Here => Environment.CurrentDirectory;

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_run_writes_whole_paths_so_that_it_goes_on_from_another_folder()
    {
        Assert.Equal(1, Run(Path.GetRelativePath(Here, folder["a.csv"])).Search!.Complete);
        Assert.Contains($"csv: \"{folder["a.csv"]}\"", File.ReadAllText(folder["run/config.resolved.yaml"]), StringComparison.Ordinal);

        // The same run, whichever way the file is named.
        Assert.Equal(2, Run(folder["a.csv"], "search.maxTrials=2").Search!.Complete);
        var status = ChildProcess.Dotnet(Tool.Dll, "study", "extend", folder["run"], "1");
        Assert.True(status.Code == 0, status.Error);
        Assert.Equal(3, folder.Run(SweepFolder.Open(folder["run"]).Experiment).Search!.Complete);
    }

    [Fact]
    public void Data_without_paths_and_empty_ones_stay_as_they_are()
    {
        var named = new NamedDataset { Dataset = "mnist" };
        Assert.Same(named, named.WithFullPaths());
        Assert.Equal(new CsvData { Csv = Path.Combine(Here, "a.csv") }, new CsvData { Csv = "a.csv" }.WithFullPaths());
        Assert.Equal(new CsvData { Csv = "", TestCsv = Path.Combine(Here, "t") }, new CsvData { Csv = "", TestCsv = "t" }.WithFullPaths());
        Assert.Equal(new ImageFolderData { Folder = Path.Combine(Here, "i") }, new ImageFolderData { Folder = "i" }.WithFullPaths());
    }

    [Fact]
    public void A_missing_file_is_named_with_the_place_where_it_was_looked_for()
    {
        var (code, _, error) = Tool.Run("evaluate", "nowhere.zip", "--data", "nowhere.yaml");
        Assert.Equal(2, code);
        Assert.Contains($"it was looked for at '{Path.Combine(Here, "nowhere.yaml")}'", error, StringComparison.Ordinal);
        Assert.Contains(
            $"it was looked for at '{Path.Combine(Here, "gone.csv")}'",
            Assert.Throws<FileNotFoundException>(() => new CsvData { Csv = "gone.csv" }.Load(null)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Data_that_the_search_chooses_is_known_again_too()
    {
        var choice = $"data.csv=choice({folder["a.csv"]}, {folder["b.csv"]})";
        Run(folder["a.csv"], choice);
        var digests = JsonNode.Parse(File.ReadAllText(folder["run/data.json"]))!.AsObject();
        Assert.Equal(["csv", $"csv (csv: \"{folder["b.csv"]}\")"], digests.Select(d => d.Key));
        File.AppendAllText(folder["b.csv"], "60,yes\n");
        var e = Assert.Throws<RunFolderConflictException>(() => Run(folder["a.csv"], choice, "search.maxTrials=2"));
        Assert.Contains("has changed since (data.csv (csv: ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_of_a_sweep_that_runs_is_refused_with_what_to_do()
    {
        Run(folder["a.csv"]);
        using var other = SweepPresence.Enter(folder["run"], SweepPresence.Runner, default);
        var e = Assert.Throws<RunFolderConflictException>(() => Run(folder["a.csv"], "search.maxTrials=5"));
        Assert.Contains("runs now, and what runs does not see a change of search.maxTrials from 1 to 5. Stop it first", e.Message, StringComparison.Ordinal);
        e = Assert.Throws<RunFolderConflictException>(() => Run(folder["a.csv"], "training.epochs=2"));
        Assert.Contains("another configuration", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_choice_between_relative_paths_is_refused()
    {
        var e = Assert.Throws<ConfigurationException>(() => Load(folder["a.csv"], "data.csv=choice(a.csv, b.csv)"));
        Assert.Contains("search.space.data.csv chooses between paths that count from the current folder", e.Message, StringComparison.Ordinal);
        Assert.Contains($"'{Here}'", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data.csv=choice(a.csv, FOLDER/b.csv)")]
    [InlineData("data={choice: [{csv: FOLDER/b.csv, label: y}, {csv: a.csv, label: y}]}")]
    public void A_relative_path_among_whole_ones_is_refused(string choice) => Assert.Contains(
        "chooses between paths that count from the current folder",
        Assert.Throws<ConfigurationException>(() => Load(folder["a.csv"], Placed(choice))).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("data.csv=choice(FOLDER/./a.csv, FOLDER//b.csv, FOLDER/x/../b.csv)")]
    [InlineData("data={choice: [{csv: FOLDER//b.csv, label: y}, {csv: FOLDER/./a.csv, label: y}]}")]
    [InlineData("data.testFraction=choice(0.1, 0.2)")]
    public void Whole_paths_need_no_form_of_their_own(string choice) => Assert.NotNull(Load("./a.csv", Placed(choice)).Search);

    [Fact]
    public void A_run_goes_on_where_its_data_was_moved_to()
    {
        Run(folder["a.csv"]);
        Directory.CreateDirectory(folder["new"]);
        File.Move(folder["a.csv"], folder["new/a.csv"]);
        Directory.Move(folder["run"], folder["new/run"]);
        var (code, _, error) = Tool.Run("study", "extend", folder["new/run"], "1");
        Assert.True(code == 0, error);

        // The words lead on.
        error = Tool.Fails(2, "study", "resume", folder["new/run"]);
        Assert.Contains($"it was looked for as data.csv at '{folder["a.csv"]}'", error, StringComparison.Ordinal);
        Assert.Contains(
            $"'mldl run {folder["new/run/config.resolved.yaml"]} data.csv=PATH --output {folder["new/run"]}'", error, StringComparison.Ordinal);
        var longer = SweepFolder.Open(folder["new/run"]).Experiment;
        var moved = longer with { Data = ((CsvData)longer.Data) with { Csv = folder["new/a.csv"] } };
        Assert.Equal(2, folder.Run(moved, "new/run").Search!.Complete);
        Assert.Empty(SweepFolder.Open(folder["new/run"]).MissingData());

        // A result stays what it is.
        File.Move(folder["new/a.csv"], folder["a.csv"]);
        Assert.Equal(2, folder.Run(longer, "new/run").Search!.Complete);
        Assert.Contains($"csv: \"{folder["a.csv"]}\"", File.ReadAllText(folder["new/run/config.resolved.yaml"]), StringComparison.Ordinal);

        // Other data is another run, wherever it lies.
        var other = longer with { Data = ((CsvData)longer.Data) with { Csv = folder["b.csv"] } };
        var e = Assert.Throws<RunFolderConflictException>(() => folder.Run(other, "new/run"));
        Assert.Equal(["data.csv"], e.Differences.Select(d => d.Path));
        var gone = longer with { Data = ((CsvData)longer.Data) with { Csv = folder["gone.csv"] } };
        Assert.Throws<FileNotFoundException>(() => folder.Run(gone, "new/run"));
    }

    [Fact]
    public void A_single_training_is_known_again_where_its_data_was_moved_to()
    {
        var experiment = Load(folder["a.csv"]) with { Search = null };
        var before = new ExperimentRunner(folder["one"]).Run(experiment);
        File.Move(folder["a.csv"], folder["c.csv"]);
        var moved = experiment with { Data = ((CsvData)experiment.Data) with { Csv = folder["c.csv"] } };
        Assert.Equal(before.ToJson(), new ExperimentRunner(folder["one"]).Run(moved).ToJson());
        Assert.Throws<RunFolderConflictException>(
            () => new ExperimentRunner(folder["one"]).Run(moved with { Training = moved.Training with { Epochs = 2 } }));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("60,yes\n", false)]
    public void Sweeps_on_the_same_rows_are_compared_by_pairs_wherever_the_file_lies(string? more, bool arePairs)
    {
        File.WriteAllText(folder["copy.csv"], File.ReadAllText(folder["a.csv"]) + more);
        Run(folder["a.csv"], "search.repeat=2");
        folder.Run(Load(folder["copy.csv"], "search.repeat=2"), "other");
        var comparison = SweepFolder.Open(folder["run"]).Compare(SweepFolder.Open(folder["other"])).Comparison!;
        Assert.Equal(arePairs ? 2 : 4, comparison.Test.Count);
    }

    private string Placed(string text) => text.Replace("FOLDER", folder["."], StringComparison.Ordinal);

    private Experiment Load(string csv, params string[] overrides) =>
        folder.Load(Yaml.Replace("CSV", csv, StringComparison.Ordinal), overrides);

    private RunResult Run(string csv, params string[] overrides) => folder.Run(Load(csv, overrides));
}
