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

    private readonly TemporaryFolder folder = new();

    public SweepDataTests()
    {
        foreach (var name in new[] { "a.csv", "b.csv" })
        {
            File.WriteAllText(folder[name], "x,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i},{(i % 2 == 0 ? "yes" : name)}\n")));
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
        Assert.Equal(3, new SweepRunner(folder["run"], Launcher).Run(SweepFolder.Open(folder["run"]).Experiment).Search!.Complete);
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

    private static WorkerLauncher Launcher => new("dotnet", "exec", Tool.Dll, "worker", "--supervised");

    private Experiment Load(string csv, params string[] overrides)
    {
        File.WriteAllText(folder["a.yaml"], Yaml.Replace("CSV", csv, StringComparison.Ordinal));
        return Experiment.Load(folder["a.yaml"], overrides);
    }

    private RunResult Run(string csv, params string[] overrides) => new SweepRunner(folder["run"], Launcher).Run(Load(csv, overrides));
}
