namespace MlNetDl.Cli.Tests;

/// <summary>Experiments whose network starts from a saved model.</summary>
public sealed class TransferRunTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public TransferRunTests()
    {
        Train("source", "xyz", "");
        Directory.CreateDirectory(folder["models"]);
        File.Copy(folder["source-run/model.zip"], folder["models/source.zip"]);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_path_counts_from_the_files_folder_and_what_is_taken_is_said()
    {
        var output = Train("target", "xy", ", from: models/source.zip, freeze: [backbone]");
        Assert.Contains("network.from is '", output, StringComparison.Ordinal);
        Assert.Contains("gives 12 of 22 weights to start from; those of the head (output) are drawn, as it has the classes [x, y, z].", output,
            StringComparison.Ordinal);
        Assert.Contains("network.freeze: 12 of 22 weights stay as they are, those of 1 layers.", output, StringComparison.Ordinal);
        Assert.Contains("from:", File.ReadAllText(folder["target-run/config.resolved.yaml"]), StringComparison.Ordinal);
        Assert.Contains(Path.GetFullPath(folder["models/source.zip"]), File.ReadAllText(folder["target-run/config.resolved.yaml"]), StringComparison.Ordinal);
        // The saved model is one like any other.
        Assert.Equal(0, Tool.Run("predict", folder["target-run/model.zip"], folder["target.csv"]).Code);
        Assert.Equal(0, Tool.Run("run", folder["target-run/config.resolved.yaml"], "-o", folder["again"]).Code);
        Assert.Equal(0, Tool.Run("check", folder["target.yaml"], "-o", folder["checked"]).Code);
    }

    [Fact]
    public void A_run_goes_on_with_the_same_file_elsewhere_and_with_no_other()
    {
        Train("target", "xy", ", from: models/source.zip");
        Train("other", "xyz", "", seed: 2);
        File.Copy(folder["models/source.zip"], folder["models/moved.zip"]);
        File.Copy(folder["other-run/model.zip"], folder["models/source.zip"], overwrite: true);
        Assert.Contains("What stages or the network name of the run in", Tool.Run("run", folder["target.yaml"], "-o", folder["target-run"]).Error,
            StringComparison.Ordinal);
        var (code, _, error) = Tool.Run("run", folder["target.yaml"], "-o", folder["target-run"], $"network.from={folder["models/moved.zip"]}");
        Assert.True(code == 0, error);
        File.Delete(folder["models/source.zip"]);
        Assert.Contains("there is no such file; it names a saved model, a .zip", Tool.Fails(2, "run", folder["target.yaml"], "-o", folder["new"]),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Arms_name_models_as_the_experiment_does()
    {
        Write("arms", "xy", "", "[4]");
        File.AppendAllText(folder["arms.yaml"], "arms: { plain: {}, started: { set: { network.from: models/source.zip } }, "
            + "frozen: { set: { network: { type: mlp, hidden: [4], from: models/source.zip, freeze: [backbone] } } } }\n");
        var (code, output, error) = Tool.Run("run", folder["arms.yaml"], "-o", folder["arms-run"]);
        Assert.True(code == 0, error);
        Assert.Contains("gives 12 of 22 weights to start from", output, StringComparison.Ordinal);
        Assert.DoesNotContain(": models/source.zip", File.ReadAllText(folder["arms-run/config.resolved.yaml"]), StringComparison.Ordinal);
        Assert.Contains("arms.started.network.from", File.ReadAllText(folder["arms-run/data.json"]), StringComparison.Ordinal);
        File.Delete(folder["models/source.zip"]);
        Assert.Contains("there is no such file", Tool.Fails(2, "run", folder["arms.yaml"], "-o", folder["new"]), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_started_from_is_refused_in_plain_words()
    {
        File.WriteAllText(folder["models/no.zip"], "no model");
        Assert.Contains("no.zip", Fails("models/no.zip"), StringComparison.Ordinal);
        File.WriteAllText(folder["models/x.onnx"], "no model");
        Assert.Contains("it takes a model that was saved by this library, a .zip", Fails("models/x.onnx"), StringComparison.Ordinal);
        Assert.Contains("has another network or input: Weight 'hidden1.weight' has dimensions [4, 2]", Fails("models/source.zip", "[5]"),
            StringComparison.Ordinal);

        string Fails(string from, string hidden = "[4]")
        {
            Write("bad", "xy", $", from: {from}", hidden);
            return Tool.Fails(1, "run", folder["bad.yaml"], "-o", folder["bad-run"]);
        }
    }

    private string Train(string name, string classes, string more, int seed = 1)
    {
        Write(name, classes, more, "[4]", seed);
        var (code, output, error) = Tool.Run("run", folder[$"{name}.yaml"], "-o", folder[$"{name}-run"]);
        Assert.True(code == 0, error);
        return output + error;
    }

    private void Write(string name, string classes, string more, string hidden, int seed = 1)
    {
        File.WriteAllLines(folder[$"{name}.csv"], Enumerable.Range(0, 60).Select(i => $"{i % 7}.5,{i % 5},{classes[i % classes.Length]}").Prepend("a,b,kind"));
        File.WriteAllText(folder[$"{name}.yaml"], $"name: {name}\ntask: multiclass\ndata: {{ csv: '{folder[$"{name}.csv"]}', label: kind }}\n"
            + $"network: {{ type: mlp, hidden: {hidden}{more} }}\ntraining: {{ epochs: 2, threads: 1, seed: {seed} }}\n");
    }
}
