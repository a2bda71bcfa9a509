using MlNetDl.Experiments;
using MlNetDl.Search;
using MlNetDl.Search.Storage;

namespace MlNetDl.Cli.Tests.Sweeps;

/// <summary>Folders of sweeps in which something is missing, damaged or changed: nothing goes on in silence.</summary>
public sealed class DamagedSweepTests : IDisposable
{
    private const string Yaml = """
        name: table
        data: { csv: CSV, label: y }
        network: { type: mlp, hidden: [4] }
        training: { epochs: 1, batchSize: 16, validationFraction: 0.2 }
        search:
          space:
            training.optimizer.learningRate: { logUniform: [1e-3, 1e-1] }
          objective: { maximize: validation.accuracy }
          maxTrials: 2
        """;

    private readonly SweepTestFolder folder = new();

    public DamagedSweepTests() => folder.WriteTable("a.csv");

    private string Folder => folder["run"];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_worker_refuses_changed_data_as_the_runner_does()
    {
        Run();
        SweepFolder.Open(Folder).Extend(1);
        File.AppendAllText(folder["a.csv"], "60,yes\n");
        Assert.Contains("has changed since (data.csv)", Tool.Fails(2, "worker", Folder), StringComparison.Ordinal);
        Assert.Equal(2, folder.Trials().Count);
    }

    [Fact]
    public void Damaged_digests_are_refused_and_missing_ones_told()
    {
        Run();
        SweepFolder.Open(Folder).Extend(1);
        File.WriteAllText(folder["run/data.json"], "{");
        Assert.Contains("delete the file, and it is written anew", Assert.Throws<RunFolderConflictException>(() => Run()).Message, StringComparison.Ordinal);
        Assert.Contains("delete the file, and it is written anew", Tool.Fails(2, "worker", Folder), StringComparison.Ordinal);
        File.Delete(folder["run/data.json"]);
        Assert.Contains("was missing", Tool.Run("worker", Folder).Error, StringComparison.Ordinal);
        Assert.True(File.Exists(folder["run/data.json"]));
        File.Delete(folder["run/data.json"]);
        Assert.Contains(Run("search.maxTrials=4"), m => m.Contains("was missing", StringComparison.Ordinal));
    }

    [Fact]
    public void A_longer_search_stays_as_long_when_its_file_is_run_again()
    {
        Run();
        var sweep = SweepFolder.Open(Folder);
        sweep.Extend(1);
        sweep.Extend(1);
        Assert.Contains(Run(), m => m.StartsWith("search.maxTrials stays 4, to which this folder was extended from the 2", StringComparison.Ordinal));
        Assert.Equal(4, folder.Trials().Count);
        // Also where nothing is left to do; another number is meant.
        Assert.Contains(Run(), m => m.StartsWith("search.maxTrials stays 4", StringComparison.Ordinal));
        Assert.Contains(Run("search.maxTrials=3"), m => m.StartsWith("search.maxTrials is 3 now and was 4", StringComparison.Ordinal));
        Assert.Equal(3, SweepFolder.Open(Folder).Experiment.Search!.MaxTrials);
    }

    [Fact]
    public void A_best_trial_without_its_model_is_named_and_a_final_round_trains_it_anew()
    {
        Run();
        Directory.Delete(folder["run/trials"], recursive: true);
        Directory.Delete(folder["run/best"], recursive: true);
        var e = Assert.Throws<StudyException>(() => Run());
        Assert.Contains("its model is not in", e.Message, StringComparison.Ordinal);
        Assert.Contains("search.final={repeat: 1}", e.Message, StringComparison.Ordinal);
        Run("search.final={repeat: 1}");
        Assert.True(File.Exists(folder["run/best/model.zip"]));
    }

    [Fact]
    public void Trials_beyond_the_search_are_told_apart_from_those_that_the_same_command_goes_on_with()
    {
        // No trial keeps the constraint, and the enqueued one is beyond the others.
        Assert.Throws<StudyException>(() => Run("search.constraints=[train.accuracy >= 2]"));
        SweepFolder.Open(Folder).Enqueue(new Dictionary<string, object?> { ["training.optimizer.learningRate"] = 0.02 });
        var e = Assert.Throws<StudyException>(() => Run("search.constraints=[train.accuracy >= 2]"));
        Assert.Contains("Beyond search.maxTrials, 2, there are 1 more; search.maxTrials=3 runs them", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("the same command goes on", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_its_study_a_sweep_is_neither_done_nor_begun_anew()
    {
        Run();
        DeleteStudy();
        Assert.Contains("study.db' is missing", Tool.Fails(1, "study", "status", Folder), StringComparison.Ordinal);
        Assert.Contains("study.db' is missing", Assert.Throws<StudyStoreException>(() => Run()).Message, StringComparison.Ordinal);
        Assert.Contains("study.db' is missing", Tool.Fails(1, "worker", Folder), StringComparison.Ordinal);
        Assert.False(File.Exists(folder["run/study.db"]));
    }

    [Fact]
    public void A_best_model_that_was_deleted_is_put_together_again()
    {
        Run();
        var before = File.ReadAllBytes(folder["run/best/model.zip"]);
        Directory.Delete(folder["run/best"], recursive: true);
        Assert.Contains(Run(), m => m.Contains("is put together again", StringComparison.Ordinal));
        Assert.Equal(before, File.ReadAllBytes(folder["run/best/model.zip"]));
    }

    [Fact]
    public void A_damaged_result_is_named_with_what_to_do()
    {
        Run();
        File.WriteAllText(folder["run/result.json"], "{");
        var e = Assert.Throws<InvalidDataException>(() => Run());
        Assert.Contains(folder["run/result.json"], e.Message, StringComparison.Ordinal);
        Assert.Contains("Delete it, and the same command puts the result", e.Message, StringComparison.Ordinal);
        File.Delete(folder["run/result.json"]);
        Run();
        Assert.True(File.Exists(folder["run/result.json"]));
    }

    [Fact]
    public void Another_final_round_is_not_noted_before_the_result_without_it_is_gone()
    {
        Run();
        var before = File.ReadAllText(folder["run/config.resolved.yaml"]);
        var experiment = SweepFolder.Open(Folder).Experiment;
        var changed = experiment with { Search = experiment.Search! with { Final = new() } };
        // A folder cannot be deleted as a file, so this ends where a process may be killed.
        File.Delete(folder["run/result.json"]);
        Directory.CreateDirectory(folder["run/result.json"]);
        Assert.Throws<UnauthorizedAccessException>(() => RunFolder.Open(Folder, changed));
        Assert.Equal(before, File.ReadAllText(folder["run/config.resolved.yaml"]));
    }

    [Fact]
    public void A_damaged_study_is_not_extended()
    {
        Run();
        DeleteStudy();
        File.WriteAllText(folder["run/study.db"], "no store at all, but longer than nothing");
        var before = File.ReadAllText(folder["run/config.resolved.yaml"]);
        // Another process: this one may have the old file open.
        Assert.Equal(1, ChildProcess.Dotnet(Tool.Dll, "study", "extend", Folder, "3").Code);
        Assert.Equal(before, File.ReadAllText(folder["run/config.resolved.yaml"]));
        Assert.True(File.Exists(folder["run/result.json"]));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("nan")]
    [InlineData("abc")]
    [InlineData("1e300")]
    public void A_time_that_is_none_is_refused(string seconds)
    {
        Run();
        Assert.Contains($"'{seconds}' is no time for --seconds", Tool.Fails(2, "worker", Folder, "--seconds", seconds), StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_that_are_none_are_named()
    {
        Assert.Contains("holds no run", Tool.Fails(2, "worker", folder[""]), StringComparison.Ordinal);
        Assert.Contains("is a folder; expected a YAML file", Tool.Fails(2, "run", folder[""]), StringComparison.Ordinal);
    }

    private IReadOnlyList<string> Run(params string[] overrides)
    {
        var view = new WatchingView();
        folder.Run(folder.Load(Yaml.Replace("CSV", folder["a.csv"], StringComparison.Ordinal), overrides), view: view);
        return view.Messages;
    }

    private void DeleteStudy()
    {
        foreach (var file in Directory.EnumerateFiles(Folder, "study.db*"))
        {
            File.Delete(file);
        }
    }
}
