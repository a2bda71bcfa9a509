using MlNetDl.Experiments;

namespace MlNetDl.Cli.Tests;

/// <summary>What the runtime says of a file that is something else never reaches people, and every command calls it by the same words.</summary>
public sealed class RawErrorTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public RawErrorTests()
    {
        File.WriteAllText(folder["a.yaml"], Tool.Digits);
        File.WriteAllText(folder["text.zip"], "hello");
        File.WriteAllText(folder["cut.zip"], "PK\u0003\u0004 and no more");
        Directory.CreateDirectory(folder["empty"]);
    }

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Commands =>
    [
        "predict MODEL x.png", "evaluate MODEL --data mnist", "inspect MODEL", "compress MODEL --data mnist --stage foldNorms", "generate MODEL",
        "reconstruct MODEL --data mnist", "interpolate MODEL 1 2 --data mnist", "traverse MODEL --data mnist",
    ];

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_file_that_is_no_model_is_called_so(string command)
    {
        foreach (var (file, said) in new[] { ("text.zip", "does not begin as a .zip does"), ("cut.zip", "was cut off or changed") })
        {
            var (code, _, error) = Tool.Run(command.Replace("MODEL", folder[file], StringComparison.Ordinal).Split(' '));
            Assert.Equal(1, code);
            Assert.Contains($"'{folder[file]}' is not a model, or is damaged", error, StringComparison.Ordinal);
            Assert.Contains(said, error, StringComparison.Ordinal);
            Assert.DoesNotContain("Central Directory", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_experiments_file_in_place_of_a_model_is_known() =>
        Assert.Contains("it is an experiment's file. Run it", Tool.Fails(1, "generate", folder["a.yaml"]), StringComparison.Ordinal);

    [Fact]
    public void An_argument_that_is_missing_is_named_once()
    {
        var error = Tool.Fails(2, "run");
        Assert.Contains("'mldl run' lacks <file>: The experiment's YAML file.", error, StringComparison.Ordinal);
        Assert.Equal(2, error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_refused_by_check_as_by_run()
    {
        foreach (var command in new[] { "run", "check" })
        {
            Assert.Contains("cannot be made", Tool.Fails(1, command, folder["a.yaml"], "--output", folder["text.zip/run"]), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_place_for_predictions_that_is_none_is_named() => Assert.Contains(
        "cannot be written, because there is no folder",
        Assert.Throws<IOException>(() => PredictionFile.Write(folder["text.zip/p.csv"], [])).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_result_that_is_cut_off_is_called_so()
    {
        Assert.Equal(0, Tool.Run("run", folder["a.yaml"], "training.epochs=1", "--quiet", "--output", folder["run"]).Code);
        var whole = File.ReadAllText(folder["run/result.json"]);
        File.WriteAllText(folder["run/result.json"], whole[..(whole.Length / 2)]);
        var error = Tool.Fails(1, "run", folder["a.yaml"], "training.epochs=1", "--output", folder["run"]);
        Assert.Contains("the JSON is cut off, or of another form in line", error, StringComparison.Ordinal);
        Assert.DoesNotContain("BytePosition", error, StringComparison.Ordinal);
    }

    [Fact]
    public void One_number_of_seeds_is_how_many()
    {
        Assert.Equal([0, 1, 2], Experiment.Load(folder["a.yaml"], "seeds=3").Seeds);
        Assert.Equal([3], Experiment.Load(folder["a.yaml"], "seeds=[3]").Seeds);
        Assert.Contains("one number is how many trainings", Tool.Fails(2, "run", folder["a.yaml"], "seeds=0"), StringComparison.Ordinal);
        var (code, output, _) = Tool.Run("run", folder["a.yaml"], "seeds=2", "training.epochs=1", "--output", folder["run"]);
        Assert.Equal(0, code);
        Assert.Contains("2 trainings, with the seeds 0, 1; figures are mean ± standard deviation", output, StringComparison.Ordinal);
    }
}
