using System.Diagnostics;

namespace MlNetDl.Cli.Tests;

/// <summary>Each bad input: one clear message, exit code 1 or 2, nothing written.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(
        "training.epohcs=3",
        "mldl: the override 'training.epohcs=3': training.epohcs: unknown key 'epohcs'; did you mean 'epochs'?")]
    [InlineData("training.optimizer.learningrate=1", "did you mean 'learningRate'?")]
    [InlineData("training.optimizer=adamm", "there is no optimizer 'adamm'; did you mean 'adam'?")]
    [InlineData(
        "training.epochs=many",
        "mldl: the override 'training.epochs=many': training.epochs: expected a whole number but got the text 'many'")]
    [InlineData("training.epochs=007", "expected a whole number but got the text '007'")]
    [InlineData("training.epochs=0", "mldl: the override 'training.epochs=0': training.epochs must be 1 or more but is 0")]
    [InlineData("training.optimizer.learningRate=.inf", "expected a number but got .inf, which is no finite number.")]
    [InlineData("network.hidden={a: 1}", "network.hidden")]
    [InlineData(
        "training.optimizer.learningRate=-1",
        "mldl: the override 'training.optimizer.learningRate=-1': training.optimizer.learningRate must be above 0 but is -1.")]
    [InlineData(
        "training.schedule={ type: cosine, floor: 3 }",
        "mldl: the override 'training.schedule={ type: cosine, floor: 3 }': training.schedule.floor must be")]
    [InlineData("trainig.epochs=3", "mldl: the override 'trainig.epochs=3': trainig: unknown key 'trainig'")]
    [InlineData("training.epochs.x=3", "mldl: the override 'training.epochs.x=3': training.epochs has no keys")]
    [InlineData("network.hidden=[1", "mldl: the override 'network.hidden=[1'(2,")]
    [InlineData("data={ folder: x, testFraction: 2 }", "data.testFraction must be above 0 and below 1 but is 2")]
    [InlineData("network=leNet5", "the network does not fit the data")]
    [InlineData("data.dataset=mnistt", "there is no data set 'mnistt'")]
    [InlineData(
        "data.csv=x.csv",
        "data: needs exactly one of the keys codes, csv, dataset, folder, imageList, or 'type' with the name of a source, but has csv and dataset")]
    [InlineData("data={ label: y }", "but has none of them")]
    [InlineData("data.testFraction=0.5", "unknown key 'testFraction'")]
    [InlineData("data={ csv: x.csv }", "data lacks the key 'label'")]
    [InlineData("data={ type: parquet }", "data.type: there is no source 'parquet'; ")]
    [InlineData("name=../evil", "is no folder name")]
    [InlineData("task=clustering", "there is no task 'clustering'; ")]
    [InlineData("noequals", "expected key=value")]
    public void Configurations_that_cannot_be_meant(string change, string message)
    {
        File.WriteAllText(folder["a.yaml"], Tool.Digits);
        Assert.Contains(message, Tool.Fails(2, "run", folder["a.yaml"], "--output", folder["run"], change), StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["run"]) && File.Exists(folder["run/model.zip"]));
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("name: a\nname: b\n", "(2,1): key 'name' stands here a second time")]
    [InlineData("a: &x [1, 1]\nb: [*x, *x]\n", "anchors (&) and aliases (*) are not allowed")]
    [InlineData("name: [\n", "a.yaml(2,1): a list [ ] or a map { } is not written to its end")]
    [InlineData("name: {a: 1\nb: 2\n", "a list [ ] or a map { } is not written to its end")]
    [InlineData(
        "name: a\ndata:\n  dataset: xor\n label: x\n",
        "a.yaml(4,2): this line does not fit those above it; expected the same indentation for keys that stand side by "
            + "side, more for what is below a key. The line is: label: x (The parser says: ")]
    [InlineData("name: a\ndata:\n\tdataset: xor\n", "a.yaml(3,1): a tab indents this line; expected spaces.")]
    [InlineData("name: a\ndata: x: y\n", "a.yaml(2,8): a second colon stands in this value")]
    [InlineData("name: 'a\ndata: x\n", "a.yaml(1,7): a text in quotes begins here and is not closed")]
    [InlineData("name: a\nnetwork: mlp\n", "a.yaml: the key 'data' is missing: where the data comes from: a named data set")]
    [InlineData(
        "name: a\ndata: { dataset: xor }\nnetwork: mlp\ntraining:\n",
        "a.yaml(4,1): training: has no value; expected keys and values.")]
    [InlineData("name: a\n---\nname: b\n", "a second document starts here")]
    [InlineData("name: a\ndata: { dataset: xor }\n", "network")]
    [InlineData(
        "name: a\ndata: { dataset: xor }\nnetwork: mlp\ntrainig: {}\n",
        "a.yaml(4,1): trainig: unknown key 'trainig'; did you mean 'training'?")]
    public void Files_that_are_no_experiment(string yaml, string message)
    {
        File.WriteAllText(folder["a.yaml"], yaml);
        Assert.Contains(message, Tool.Fails(2, "run", folder["a.yaml"], "--output", folder["run"]), StringComparison.Ordinal);
    }

    [Fact]
    public void An_alias_bomb_is_refused_at_its_first_anchor()
    {
        File.WriteAllText(
            folder["a.yaml"],
            "a: &a [1,1,1,1,1,1,1,1,1]\n"
                + string.Concat(Enumerable.Range('b', 8).Select(c => $"{(char)c}: &{(char)c} ["
                    + $"{string.Join(',', Enumerable.Repeat($"*{(char)(c - 1)}", 9))}]\n")));
        Assert.Contains("(1,4): anchors", Tool.Fails(2, "run", folder["a.yaml"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_out_of_range_are_told_together_and_before_any_data_is_read()
    {
        File.WriteAllText(folder["a.yaml"], """
            name: a
            data: { folder: nowhere }
            network:
              type: custom
              layers:
                - { type: conv2d, out: 0, kernel: 3 }
                - { type: dropout, p: 2 }
            """);
        Assert.Equal(
            [
                $"mldl: {folder["a.yaml"]}(6,23): network.layers[0].out must be 1 or more but is 0.",
                $"{folder["a.yaml"]}(7,24): network.layers[1].p must be 0 or more and below 1 but is 2.",
            ],
            Tool.Fails(2, "run", folder["a.yaml"], "--output", folder["run"]).TrimEnd().Split('\n'));
    }

    [Fact]
    public void Missing_files_are_named()
    {
        Assert.Contains("'nowhere.yaml' does not exist", Tool.Fails(2, "run", "nowhere.yaml"), StringComparison.Ordinal);
        Assert.Contains("'nowhere.zip' does not exist", Tool.Fails(1, "predict", "nowhere.zip", Tool.Dll), StringComparison.Ordinal);
        Assert.Contains(
            "'nowhere.zip' does not exist",
            Tool.Fails(1, "evaluate", "nowhere.zip", "--data", "mnist"),
            StringComparison.Ordinal);
        Assert.Contains("no experiment", Tool.Fails(1, "verify-results", folder.Path), StringComparison.Ordinal);
        Assert.Contains("gone.csv' does not exist", Tool.Fails(1, "run", Table("gone.csv", "x")), StringComparison.Ordinal);
        Assert.Contains(
            "does not exist",
            Tool.Fails(1, "run", Write("{ name: f, data: { folder: nowhere }, network: mlp }")),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a,b\n", "a header but no rows")]
    [InlineData("", "is empty")]
    [InlineData("a,a\n1,2\n", "has the name 'a' for the columns 1 and 2; give each a name of its own")]
    [InlineData("a,b\n1,2\n", "has no column 'y' to predict; it has: a, b")]
    [InlineData("a,y\n1,x\n2,z\n", "holds words ('x', 'z'); regression needs numbers")]
    [InlineData("y\n1\n2\n", "no feature columns")]
    [InlineData("a,y\n1,1\n,2\n3,3\n", "line 3: column 'a' is empty; a network needs a number in every row. Write data.missing: median")]
    [InlineData("a,y\n1,1\n2,2\nnan,3\n", "line 4: column 'a' is 'nan'")]
    [InlineData("a,y\n-inf,1\n2,2\n3,3\n", "line 2: column 'a' is '-inf'")]
    [InlineData("a,y\n1e60,1\n2,2\n3,3\n", "line 2: column 'a' is '1e60'")]
    [InlineData("a,y\n1,1\n2,\n3,3\n", "line 3: column 'y' is empty; every row needs a label")]
    [InlineData("a,y\n1,1\n2,2\n", "leaves one part empty")]
    public void Tables_that_cannot_be_learnt_from(string csv, string message)
    {
        File.WriteAllText(folder["t.csv"], csv);
        Assert.Contains(message, Tool.Fails(1, "run", Table(folder["t.csv"], "y")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_failed_before_it_trained_leaves_its_folder_to_the_corrected_one()
    {
        File.WriteAllText(folder["t.csv"], "a,y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},{2 * i}\n")));
        File.WriteAllText(folder["a.yaml"], $"{{ name: t, task: regression, data: {{ csv: '{folder["t.csv"]}', label: "
            + "z }, network: mlp, training: { epochs: 2 } }");
        Assert.Contains("has no column 'z'", Tool.Fails(1, "run", folder["a.yaml"], "--output", folder["run"]), StringComparison.Ordinal);
        Assert.Contains(
            "data.ignore names 'b', which is no column",
            Tool.Fails(1, "run", folder["a.yaml"], "--output", folder["run"], "data.label=y", "data.ignore=[b]"),
            StringComparison.Ordinal);
        var (code, output, error) = Tool.Run("run", folder["a.yaml"], "--output", folder["run"], "data.label=y");
        Assert.True(code == 0, error);
        Assert.Contains("1 column of numbers (a)", output, StringComparison.Ordinal);
        // A mistake is named as such, also where the folder holds another run; what could be meant is not.
        Assert.Contains("has no column 'z'", Tool.Fails(1, "run", folder["a.yaml"], "--output", folder["run"]), StringComparison.Ordinal);
        Assert.Contains(
            "gone.csv' does not exist",
            Tool.Fails(1, "run", folder["a.yaml"], "--output", folder["run"], "data.label=y", "data.csv=gone.csv"),
            StringComparison.Ordinal);
        Assert.Contains(
            "data.label: \"y\" there, \"a\" now",
            Tool.Fails(2, "run", folder["a.yaml"], "--output", folder["run"], "data.label=a"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Corrupt_images_are_named_and_folders_without_classes_refused()
    {
        Directory.CreateDirectory(folder["images/cat"]);
        Directory.CreateDirectory(folder["images/dog"]);
        File.WriteAllText(folder["images/cat/1.png"], "no image");
        File.WriteAllText(folder["images/dog/1.png"], "");
        var yaml = Write($"{{ name: i, data: {{ folder: '{folder["images"]}' }}, network: mlp }}");
        Assert.Contains("cat/1.png: the format is unknown or the file is damaged", Tool.Fails(1, "run", yaml), StringComparison.Ordinal);
        File.Delete(folder["images/cat/1.png"]);
        File.Delete(folder["images/dog/1.png"]);
        Assert.Contains("no images in sub-folders", Tool.Fails(1, "run", yaml), StringComparison.Ordinal);
    }

    [Fact]
    public void Foreign_and_truncated_models_are_refused()
    {
        File.WriteAllText(folder["foreign.zip"], "no zip");
        Assert.Contains("is not a model, or is damaged", Tool.Fails(1, "inspect", folder["foreign.zip"]), StringComparison.Ordinal);
        Assert.Contains(
            "is not a model, or is damaged",
            Tool.Fails(1, "evaluate", folder["foreign.zip"], "--data", "xor"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_refuses_data_of_another_kind()
    {
        File.WriteAllText(folder["a.yaml"], Tool.Digits);
        Tool.Json("run", folder["a.yaml"], "--output", folder["run"], "training.epochs=1");
        File.WriteAllText(folder["t.csv"], "a,b\n1,2\n");
        Assert.Contains("takes images, but", Tool.Fails(1, "predict", folder["run/model.zip"], folder["t.csv"]), StringComparison.Ordinal);
        Assert.Contains("the model takes", Tool.Fails(1, "evaluate", folder["run/model.zip"], "--data", "mnist"), StringComparison.Ordinal);
        Assert.Contains(
            "neither a data set",
            Tool.Fails(1, "evaluate", folder["run/model.zip"], "--data", "cifar"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_with_other_things_in_it_is_left_alone()
    {
        File.WriteAllText(folder["a.yaml"], Tool.Digits);
        Directory.CreateDirectory(folder["full"]);
        File.WriteAllText(folder["full/precious.txt"], "mine");
        Assert.Contains(
            "is not empty and holds no run",
            Tool.Fails(2, "run", folder["a.yaml"], "--output", folder["full"]),
            StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFileSystemEntries(folder["full"]));
    }

    [Fact]
    public void A_tool_without_libtorch_says_which_package_is_missing_and_still_scores()
    {
        File.WriteAllText(folder["a.yaml"], Tool.Digits);
        Tool.Json("run", folder["a.yaml"], "--output", folder["run"], "training.epochs=1");
        var bin = folder["bin"];
        Tool.CopyWithoutTorch(bin);
        var before = Directory.EnumerateFiles(bin, "*", SearchOption.AllDirectories).Count();
        var (code, _, error) = ChildProcess.Dotnet(Path.Combine(bin, "mldl.dll"), "run", folder["a.yaml"], "--output", folder["other"]);
        Assert.Equal(1, code);
        Assert.Contains("Training needs libtorch", error, StringComparison.Ordinal);
        Assert.Matches(@"Add one package to the application: libtorch-cpu-[a-z0-9-]+, version [0-9]+\.[0-9]+\.[0-9]+ \(CPU\)", error);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Equal(before, Directory.EnumerateFiles(bin, "*", SearchOption.AllDirectories).Count());
        var scored = ChildProcess.Dotnet(Path.Combine(bin, "mldl.dll"), "evaluate", folder["run/model.zip"], "--data", $"optdigits");
        Assert.True(scored.Code == 0, scored.Error);
    }

    [Fact]
    public void Without_a_folder_for_temporary_files_nothing_is_trained_and_the_variable_to_set_is_named()
    {
        File.WriteAllText(folder["a.yaml"], Tool.Digits);
        File.WriteAllText(folder["file"], "no folder");
        (string, string?)[] environment = [("TMPDIR", folder["file"]), ("TMP", folder["file"]), ("TEMP", folder["file"])];
        var (code, output, error) = ChildProcess.Dotnet(environment, Tool.Dll, "run", folder["a.yaml"], "--output", folder["run"]);
        Assert.Equal(1, code);
        Assert.DoesNotContain("epoch", output, StringComparison.Ordinal);
        Assert.StartsWith("mldl: Saving a model needs the folder for temporary files, ", error, StringComparison.Ordinal);
        Assert.EndsWith(
            $"Set the environment variable {(OperatingSystem.IsWindows() ? "TMP" : "TMPDIR")} "
                + "to a folder that can be written.",
            error.TrimEnd(),
            StringComparison.Ordinal);
    }

    [SmallDiskFact]
    public void A_full_disk_ends_a_run_with_one_error_and_leaves_no_half_file()
    {
        using var disk = SmallDisk.Mount(folder["small"])!;
        File.WriteAllText(folder["a.yaml"], Tool.Digits.Replace("hidden: [32]", "hidden: [2000, 2000]", StringComparison.Ordinal));
        var (code, _, error) = Tool.Run("run", folder["a.yaml"], "--output", folder["small/run"], "training.epochs=1");
        Assert.Equal(1, code);
        Assert.Contains("space", error, StringComparison.OrdinalIgnoreCase);
        Assert.False(File.Exists(folder["small/run/model.zip"]));
        Assert.Empty(Directory.GetFiles(folder["small/run"], "*.tmp"));
    }

    private string Table(string csv, string label) =>
        Write($"{{ name: t, task: regression, data: {{ csv: '{csv}', label: {label} }}, network: mlp }}");

    private string Write(string yaml)
    {
        File.WriteAllText(
            folder["x.yaml"],
            $"{yaml[..^1]}, description: '{Guid.NewGuid()}' }}".Replace(
                "name: ", $"name: {Guid.NewGuid():N}", StringComparison.Ordinal));
        return folder["x.yaml"];
    }
}
