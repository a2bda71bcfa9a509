using System.Text.Json.Nodes;
using MlNetDl.Experiments;

namespace MlNetDl.Cli.Tests;

public sealed class RunTests
{
    [Fact]
    public void A_run_leaves_a_model_that_evaluates_and_predicts()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["digits.yaml"], Tool.Digits);
        var result = Tool.Json("run", folder["digits.yaml"], "--output", folder["run"], "training.validationFraction=0.1");
        Assert.All(["train", "validation", "test"], part => Assert.InRange((double)result["metrics"]![part]!["accuracy"]!, 0.85, 1));
        Assert.Equal(2410, (long)result["parameters"]!);
        Assert.Equal(3, (int)result["epochs"]!);
        Assert.Equal(result.ToJsonString(), JsonNode.Parse(File.ReadAllText(folder["run/result.json"]))!.ToJsonString());
        Assert.Equal(["config.resolved.yaml", "data.json", "environment.json", "log.txt", "metrics.jsonl", "model.onnx", "model.zip", "result.json"],
            Directory.GetFiles(folder["run"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(3, File.ReadAllLines(folder["run/metrics.jsonl"]).Length);

        var evaluation = Tool.Json("evaluate", folder["run/model.zip"], "--data", "optdigits");
        Assert.Equal((double)result["metrics"]!["test"]!["accuracy"]!, (double)evaluation["accuracy"]!, 9);
        Assert.Equal(1797, (int)evaluation["rows"]!);
        Assert.True((double)evaluation["rowsPerSecond"]! > 0);
        Assert.Equal(2410, (long)Tool.Json("inspect", folder["run/model.zip"])["parameters"]!);

        // Again into the same folder: done already. With another configuration: refused, and nothing is touched.
        var before = File.ReadAllBytes(folder["run/model.zip"]);
        Assert.Contains(
            "done already",
            Tool.Run("run", folder["digits.yaml"], "--output", folder["run"], "training.validationFraction=0.1").Output,
            StringComparison.Ordinal);
        var error = Tool.Fails(
            2,
            "run",
            folder["digits.yaml"],
            "--output",
            folder["run"],
            "training.epochs=4",
            "training.validationFraction=0.1");
        Assert.Contains("training.epochs: 3 there, 4 now", error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(folder["run/model.zip"]));
    }

    [Theory]
    [InlineData("binary", "breast-cancer.csv", "benign", "accuracy", 0.9)]
    [InlineData("regression", "diabetes.csv", "progression", "r2", 0.25)]
    [InlineData("multiclass", "iris.csv", "species", "accuracy", 0.85)]
    public void Tables_run_through_ml_nets_loader(string task, string file, string label, string metric, double least)
    {
        using var folder = new TemporaryFolder();
        var csv = $"{ChildProcess.Repository}/datasets/tabular/{file}";
        File.WriteAllText(
            folder["table.yaml"],
            $"{{ name: table, task: {task}, data: {{ csv: '{csv}', label: {label} }}, network: {{ type: mlp, hidden: "
                + "[16] }, training: { epochs: 40, batchSize: 32, optimizer: { type: adam, learningRate: 0.01 } } }");
        var result = Tool.Json("run", folder["table.yaml"], "--output", folder["run"]);
        Assert.InRange((double)result["metrics"]!["test"]![metric]!, least, 1);
        Assert.InRange((double)Tool.Json("evaluate", folder["run/model.zip"], "--data", csv)[metric]!, least, 1);

        // Prediction needs no label.
        var rows = File.ReadLines(csv).Take(6).Select(l => l[..l.LastIndexOf(',')]).ToList();
        File.WriteAllLines(folder["rows.csv"], rows);
        var predictions = Tool.Json("predict", folder["run/model.zip"], folder["rows.csv"]).AsArray();
        Assert.Equal(5, predictions.Count);
        Assert.All(predictions, p => Assert.NotNull(p!["predicted"]));
    }

    [Fact]
    public void A_run_says_at_once_what_it_is_about_to_do()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["digits.yaml"], Tool.Digits + "\ndescription: digits of 8 x 8\n");
        var (code, output, error) = Tool.Run(
            "run",
            folder["digits.yaml"],
            "--output",
            folder["run"],
            "training.validationFraction=0.1",
            "training.threads=1");
        Assert.True(code == 0, error);
        // Some machines need a remark of their own.
        var lines = output.Split('\n')
            .Select(l => l.TrimEnd())
            .Where(l => !l.StartsWith("  This machine", StringComparison.Ordinal)).ToList();
        Assert.Equal(
            [
                "digits: digits of 8 x 8",
                "  3,823 examples to train on, 1,797 to test with",
            ],
            lines.Take(2));
        Assert.Matches("^  10 classes, in this order: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9; examples of each: (3[0-9]{2}(, )?){10}$", lines[2]);
        Assert.Matches(
            "^  mlp, 2,410 weights, on c.*; 3 epochs of 54 steps: 3,4[0-9]{2} examples in memory, "
                + "3[0-9]{2} held out for validation$",
            lines[3]);
        Assert.StartsWith("  These are 162 steps in all, and a network takes hundreds to learn", lines[4], StringComparison.Ordinal);
        Assert.StartsWith("  epoch   1/3  ", lines[5], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("seeds: [1, 2], ")]
    public void A_run_that_is_done_is_not_taken_for_one_on_other_rows(string seeds)
    {
        using var folder = new TemporaryFolder();
        var rows = "a,y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},{2 * i}\n"));
        File.WriteAllText(folder["t.csv"], rows);
        File.WriteAllText(folder["a.yaml"], $"{{ name: t, {seeds}task: regression, data: {{ csv: '{folder["t.csv"]}', "
            + "label: y }, network: mlp, training: { epochs: 1 } }");
        string[] run = ["run", folder["a.yaml"], "--output", folder["run"]];
        Tool.Json(run);
        var model = Directory.GetFiles(folder["run"], "model.zip", SearchOption.AllDirectories)[0];
        var before = File.ReadAllBytes(model);
        File.AppendAllText(folder["t.csv"], "40,80\n");
        Assert.Contains(
            $"The data of the run in '{folder["run"]}' has changed since (data.csv); another --output, or deleting "
                + "the folder, runs it anew.",
            Tool.Fails(2, run),
            StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(model));

        // The same rows written again are the same, and a result is shown without its data.
        File.WriteAllText(folder["t.csv"], rows);
        Assert.Contains("done already", Tool.Run(run).Output, StringComparison.Ordinal);
        File.WriteAllText(folder["run/data.json"], "damaged");
        Assert.Contains("delete the file, and it is written anew", Tool.Fails(2, run), StringComparison.Ordinal);
        File.Delete(folder["run/data.json"]);
        File.Delete(folder["t.csv"]);
        Assert.Contains("done already", Tool.Run(run).Output, StringComparison.Ordinal);

        // A seed that is named is the same as one that is taken by default.
        Assert.Contains("done already", Tool.Run([.. run, "training.seed=1"]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_images_that_are_read_make_a_run_another()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in (string[])["train/a", "train/b", "test/a", "test/b"])
        {
            Directory.CreateDirectory(folder[$"images/{name}"]);
            File.Copy(Path.Combine(ChildProcess.Repository, "README.md"), folder[$"images/{name}/1.png"]);
        }

        var data = new ImageFolderData { Folder = folder["images"] };
        var before = DataFingerprint.Of(data);
        Directory.CreateDirectory(folder["images/raw"]);
        File.WriteAllText(folder["images/raw/1.png"], "not read");
        Assert.Empty(DataFingerprint.Changed(before, DataFingerprint.Of(data)));
        File.WriteAllText(folder["images/test/b/2.png"], "read");
        Assert.Equal(["folder"], DataFingerprint.Changed(before, DataFingerprint.Of(data)));

        // A link tells of what it points to.
        File.WriteAllText(folder["rows.csv"], "a,y\n1,2\n");
        File.CreateSymbolicLink(folder["link.csv"], folder["rows.csv"]);
        Assert.Equal(DataFingerprint.OfFile(folder["rows.csv"]), DataFingerprint.OfFile(folder["link.csv"]));
    }

    [Fact]
    public void A_run_shows_what_the_trainer_warns_of()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["digits.yaml"], Tool.Digits);
        var (code, output, error) = Tool.Run(
            "run",
            folder["digits.yaml"],
            "--output",
            folder["run"],
            "training.epochs=1",
            "training.restoreBestWeights=true");
        Assert.True(code == 0, error);
        Assert.Contains(
            "  warning: There is no validation data, without which training.restoreBestWeights does nothing; set "
                + "training.validationFraction",
            output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Overrides_choose_other_components()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["digits.yaml"], Tool.Digits);
        var experiment = Experiment.Load(
            folder["digits.yaml"],
            "network=leNet5",
            "training.schedule=cosine",
            "training.optimizer.type=sgd",
            "training.optimizer.momentum=0.8",
            "seeds=[1, 2]");
        Assert.Equal(new Networks.LeNet5(), experiment.Network);
        Assert.Equal(new MlNetDl.Training.Optimizers.Sgd { Momentum = 0.8 }, experiment.Training.Optimizer);
        Assert.Equal([1, 2], experiment.Seeds);
    }

    [Fact]
    public void Seeds_are_summarised_as_mean_and_deviation_and_verified_against_a_record()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["digits.yaml"], Tool.Digits + "\nseeds: [1, 2]\n");
        var result = Tool.Json("run", folder["digits.yaml"], "--output", folder["run"]);
        var each = new[] { 1, 2 }
            .Select(s => (double)JsonNode.Parse(
                File.ReadAllText(folder[$"run/seed-{s}/result.json"]))!["metrics"]!["test"]!["accuracy"]!)
            .ToList();
        Assert.Equal(each.Average(), (double)result["metrics"]!["test"]!["accuracy"]!, 12);
        Assert.Equal(Math.Abs(each[0] - each[1]) / Math.Sqrt(2), (double)result["standardDeviations"]!["test"]!["accuracy"]!, 12);

        Assert.Contains("no result is recorded", Tool.Run("verify-results", folder["digits.yaml"]).Output, StringComparison.Ordinal);
        Assert.Equal(0, Tool.Run("verify-results", folder["digits.yaml"], "--update").Code);
        Assert.True((bool)Tool.Json("verify-results", folder["digits.yaml"])[0]!["reproduced"]!);
        File.WriteAllText(
            folder["digits.result.json"],
            File.ReadAllText(folder["digits.result.json"])
                .Replace("\"accuracy\": 0.9", "\"accuracy\": 0.7", StringComparison.Ordinal));
        Assert.Contains(
            "1 of 1 results were not reproduced",
            Tool.Fails(1, "verify-results", folder["digits.yaml"]),
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupted_run_keeps_a_checkpoint_and_continues_to_the_same_result()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["digits.yaml"], Tool.Digits.Replace("epochs: 3", "epochs: 300", StringComparison.Ordinal));
        var straight = Tool.Json("run", folder["digits.yaml"], "--output", folder["straight"]);

        using (var process = Tool.Start(folder.Path, "run", folder["digits.yaml"], "--output", folder["broken"]))
        {
            // The first lines say that training is under way.
            for (int i = 0; i < 4; i++)
            {
                Assert.NotNull(process.StandardOutput.ReadLine());
            }

            // A program started for it might come after the training's end where the machine is busy.
            Assert.Equal(0, SendSignal(process.Id, signal: 2));
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Equal(130, process.ExitCode);
            Assert.Contains("cancelled", process.StandardError.ReadToEnd(), StringComparison.Ordinal);
        }

        Assert.True(File.Exists(folder["broken/checkpoint"]));
        Assert.False(File.Exists(folder["broken/model.zip"]));
        var (code, output, error) = Tool.Run("run", folder["digits.yaml"], "--output", folder["broken"]);
        Assert.True(code == 0, error);
        Assert.Contains("Continuing", output, StringComparison.Ordinal);
        Assert.Equal(
            straight["metrics"]!.ToJsonString(),
            JsonNode.Parse(File.ReadAllText(folder["broken/result.json"]))!["metrics"]!.ToJsonString());
        Assert.Equal(
            Enumerable.Range(1, 300),
            File.ReadLines(folder["broken/metrics.jsonl"]).Select(line => (int)JsonNode.Parse(line)!["epoch"]!));
        Assert.Equal(File.ReadAllBytes(folder["straight/model.onnx"]), File.ReadAllBytes(folder["broken/model.onnx"]));
    }

    [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);
}
