using System.Text.Json.Nodes;
using System.Xml.Linq;
using MlNetDl.Experiments;
using MlNetDl.Models;

namespace MlNetDl.Cli.Tests;

/// <summary>A small network of digits that tests compress.</summary>
public sealed class DigitsModel : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public DigitsModel()
    {
        File.WriteAllText(Yaml, Tool.Digits.Replace("optdigits", "optdigits, take: 600", StringComparison.Ordinal));
        var (code, _, error) = Tool.Run("run", Yaml, "training.threads=1", "--output", folder["run"]);
        Assert.True(code == 0, error);
    }

    public string Yaml => folder["digits.yaml"];

    public string Zip => folder["run/model.zip"];

    public void Dispose() => folder.Dispose();
}

/// <summary>From a saved model to a smaller one beside its ledger.</summary>
public sealed class CompressTests(DigitsModel digits) : IDisposable, IClassFixture<DigitsModel>
{
    private const int Dense = (64 * 32) + 32 + (32 * 10) + 10, Narrow = (64 * 16) + 16 + (16 * 10) + 10;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_saved_model_becomes_smaller_and_both_are_set_beside_each_other()
    {
        var result = Compress("--stage", "filterPruning(amount=0.5, fineTune.epochs=2)");
        var (before, after) = (result["ledger"]![0]!, result["ledger"]![1]!);
        Assert.Equal(Dense, (int)before["size"]!["parameters"]!);
        Assert.Equal(Narrow, (int)after["size"]!["parameters"]!);
        Assert.Equal((64 * 16) + (16 * 10), (int)after["size"]!["macs"]!);
        Assert.Equal(2, (int)result["epochs"]!);
        Assert.Equal(before["metrics"]!.AsObject().Select(m => m.Key), after["metrics"]!.AsObject().Select(m => m.Key));
        Assert.Equal(
            (double)Tool.Json("evaluate", folder["small/model.zip"], "--data", "optdigits")["accuracy"]!, (double)after["metrics"]!["accuracy"]!, 9);
        Assert.Equal(Narrow, (int)ModelFile.Read(folder["small/model.zip"]).Manifest.Parameters);
        Assert.All(new[] { "model.onnx", "ledger.csv", "ledger.json" }, f => Assert.True(File.Exists(folder[$"small/{f}"]), f));
        Assert.Empty(Directory.EnumerateFiles(folder["small"], "checkpoint*"));
        var agreement = result["agreements"]![0]!;
        Assert.Equal(1797, (int)agreement["rows"]!);
        Assert.InRange((double)agreement["share"]!, 0.5, 1);
        // Where both say the same they are right or wrong together, so the rest explains the difference.
        Assert.Equal(
            Right(after) - Right(before), (int)agreement["right"]! - (int)agreement["otherRight"]!);

        static int Right(JsonNode row) => (int)Math.Round((double)row["metrics"]!["accuracy"]! * 1797);
    }

    [Fact]
    public void The_page_stands_alone_and_draws_the_figure_against_each_cost()
    {
        Compress("--stage", "magnitudePruning(amount=0.9)");
        var text = File.ReadAllText(folder["small/ledger.html"]);
        var page = XDocument.Parse(text[text.IndexOf('\n', StringComparison.Ordinal)..]);
        Assert.DoesNotContain("script", page.Descendants().Select(e => e.Name.LocalName));
        Assert.DoesNotContain(page.Descendants().Attributes(), a => a.Name.LocalName is "src" or "href");
        Assert.Equal(4, page.Descendants().Count(e => e.Name.LocalName == "svg"));
        Assert.Equal(
            Enumerable.Repeat(new[] { "after", "before" }, 4),
            page.Descendants().Where(e => e.Name.LocalName == "svg").Select(svg => svg.Descendants()
                .Where(t => t.Name.LocalName == "text").Select(t => t.Value).Intersect(["before", "after"]).Order().ToArray()));
        Assert.Contains("prefers-color-scheme:dark", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stage_without_a_training_needs_none()
    {
        var result = Compress("--stage", "{ type: magnitudePruning, amount: 0.9, scope: global }");
        Assert.Equal(0, (int)result["epochs"]!);
        const int weights = (64 * 32) + (32 * 10);
        Assert.Equal(Dense - (int)Math.Round(weights * 0.9), (int)result["ledger"]![1]!["size"]!["nonZeros"]!);
    }

    /// <summary>The first layer, 64 by 32, becomes two of rank 8, and both matrices are stored as codes.</summary>
    [Fact]
    public void Layers_become_factors_whose_weights_share_values()
    {
        var result = Compress("--stage", "lowRank(rank=8, keep=[output], fineTune.epochs=1)", "--stage", "weightClustering(bits=4)");
        var (before, after) = (result["ledger"]![0]!["size"]!, result["ledger"]![1]!["size"]!);
        Assert.Equal((64 * 8) + (8 * 32) + (32 * 10), (int)after["macs"]!);
        Assert.Equal(4, ModelFile.Read(folder["small/model.zip"]).Manifest.Format);
        Assert.InRange((int)after["zippedBytes"]!, 0, (int)before["zippedBytes"]! - (4 * (2048 + 320)) + 3000);
    }

    [Fact]
    public void The_training_is_that_of_the_model_and_can_be_changed()
    {
        Compress("--stage", "fit", "--set", "epochs=1", "--set", "training.optimizer.learningRate=0.001");
        var options = ModelFile.Read(folder["small/model.zip"]).Manifest.Training!.Options!.Value;
        Assert.Equal(64, options.GetProperty("batchSize").GetInt32());
        Assert.Equal(1, options.GetProperty("epochs").GetInt32());
        Assert.Equal(0.001, options.GetProperty("optimizer").GetProperty("learningRate").GetDouble());
    }

    [Theory]
    [InlineData("filterPrunning(amount=0.5)", "did you mean 'filterPruning'?")]
    [InlineData("filterPruning(amount=2)", "--stage 'filterPruning(amount=2)': stages[0].amount")]
    [InlineData("filterPruning(amont=0.5)", "did you mean 'amount'?")]
    [InlineData("filterPruning(0.5)", "'0.5' gives no value")]
    [InlineData("filterPruning(amount=0.5, amount=0.9)", "gives 'amount' twice")]
    [InlineData("filterPruning(amount=0.5", "is no stage; expected NAME")]
    [InlineData("distilled(teacher=t.zip)", "put a fit before it")]
    public void A_stage_that_cannot_be_is_refused_before_the_first_step(string stage, string words)
    {
        Assert.Contains(words, Fails(2, "--stage", stage), StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["small"]));
    }

    [Theory]
    [InlineData("epochs=0", "training.epochs")]
    [InlineData("epoch=3", "did you mean 'epochs'?")]
    [InlineData("stages=[fit]", "--stage gives")]
    [InlineData("epochs", "gives no value")]
    public void A_setting_that_cannot_be_is_refused(string setting, string words) =>
        Assert.Contains(words, Fails(2, "--stage", "fit", "--set", setting), StringComparison.Ordinal);

    [Fact]
    public void Data_that_the_model_cannot_be_trained_on_is_refused_and_both_are_named()
    {
        string[] rest = ["--stage", "fit", "--output", folder["small"]];
        var inputs = Tool.Fails(1, ["compress", digits.Zip, "--data", "mnist", .. rest]);
        Assert.Contains("[N, 1, 8, 8]", inputs, StringComparison.Ordinal);
        Assert.Contains("[N, 1, 28, 28]", inputs, StringComparison.Ordinal);
        File.WriteAllText(folder["binary.yaml"], File.ReadAllText(digits.Yaml) + "\ntask: binary\n");
        var tasks = Tool.Fails(2, ["compress", digits.Zip, "--data", folder["binary.yaml"], .. rest]);
        Assert.Contains("does multiclass", tasks, StringComparison.Ordinal);
        Assert.Contains("does binary", tasks, StringComparison.Ordinal);
        File.WriteAllText(folder["t.csv"], "a,b\n1,2\n");
        Assert.Contains("takes images", Tool.Fails(1, ["compress", digits.Zip, "--data", folder["t.csv"], .. rest]), StringComparison.Ordinal);
        Assert.Contains("neither a data set", Tool.Fails(1, ["compress", digits.Zip, "--data", "nothing", .. rest]), StringComparison.Ordinal);
        Assert.Contains("--stage", Tool.Fails(2, "compress", digits.Zip, "--data", "optdigits"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["small"]));
    }

    [Fact]
    public void A_table_keeps_its_chain_and_the_order_of_classes()
    {
        var words = new[] { "red", "blue", "green" };
        File.WriteAllText(folder["t.csv"], "a,colour,kind\n" + Rows(i => $"{i % 7},{words[i % 3]},{"xyz"[i % 3]}"));
        File.WriteAllText(folder["t.yaml"], $"name: t\ndata: {{ csv: '{folder["t.csv"]}', label: kind }}\n"
            + "network: { type: mlp, hidden: [16] }\ntraining: { epochs: 20, optimizer: { type: adam, learningRate: 0.05 }, threads: 1 }\n");
        Assert.Equal(0, Tool.Run("run", folder["t.yaml"], "--output", folder["run"]).Code);
        // Classes and words come first in another order, and a word and a column are new.
        File.WriteAllText(folder["new.csv"], "id,kind,colour,a\n" + Rows(i => $"{i},{"zyx"[i % 3]},{words[2 - (i % 3)]},{i % 7}"));
        var result = Tool.Json("compress", folder["run/model.zip"], "--data", folder["new.csv"], "--stage",
            "filterPruning(amount=0.5, fineTune.epochs=2)", "--output", folder["small"]);
        Assert.Equal(1.0, (double)result["ledger"]![1]!["metrics"]!["accuracy"]!, 3);
        Assert.Equal(ModelFile.Read(folder["run/model.zip"]).Manifest.ClassNames, ModelFile.Read(folder["small/model.zip"]).Manifest.ClassNames);
        File.WriteAllText(folder["rows.csv"], "a,colour\n1,red\n2,green\n");
        Assert.Equal(["x", "z"], Tool.Json("predict", folder["small/model.zip"], folder["rows.csv"]).AsArray().Select(p => (string)p!["predicted"]!));

        File.AppendAllText(folder["new.csv"], "999,q,red,1\n");
        var error = Tool.Fails(1, "compress", folder["run/model.zip"], "--data", folder["new.csv"], "--stage", "fit", "--output", folder["other"]);
        Assert.Contains("'q' in column 'kind', which the model does not know; its classes are", error, StringComparison.Ordinal);
        File.WriteAllText(folder["less.csv"], "kind,a\nx,1\n");
        Assert.Contains("no column 'colour'", Tool.Fails(
            1, "compress", folder["run/model.zip"], "--data", folder["less.csv"], "--stage", "fit"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_teacher_is_compared_with_too()
    {
        var (code, output, error) = Tool.Run(
            "compress", digits.Zip, "--data", digits.Yaml, "--stage", "filterPruning(amount=0.5)", "--agree", digits.Zip, "--output", folder["small"]);
        Assert.True(code == 0, error);
        Assert.Contains("same prediction as before: ", output, StringComparison.Ordinal);
        Assert.Contains($"same prediction as '{digits.Zip}': ", output, StringComparison.Ordinal);
        var both = JsonNode.Parse(File.ReadAllText(folder["small/result.json"]))!["agreements"]!.AsArray();
        Assert.Equal((int)both[0]!["same"]!, (int)both[1]!["same"]!);
        Assert.Contains("agreement", File.ReadAllLines(folder["small/ledger.csv"])[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_other_inputs_cannot_agree_and_nothing_is_lost_by_naming_it()
    {
        string[] stage = ["--stage", "fit", "--set", "epochs=1"];
        File.WriteAllText(folder["m.yaml"], "name: m\ndata: { dataset: mnist, take: 100 }\nnetwork: { type: mlp, hidden: [] }\n"
            + "training: { epochs: 1, threads: 1 }\n");
        Assert.Equal(0, Tool.Run("run", folder["m.yaml"], "--output", folder["m"]).Code);
        Assert.Contains("[N, 1, 28, 28]", Fails(1, [.. stage, "--agree", folder["m/model.zip"]]), StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["small"]));
        Assert.Single(Compress(stage)["agreements"]!.AsArray());
    }

    [Fact]
    public void Images_of_a_folder_are_read_in_the_size_of_the_model()
    {
        foreach (int i in Enumerable.Range(0, 40))
        {
            Image(folder[$"images/{(i % 2 == 0 ? "dark" : "light")}/{i}.png"], (byte)((i % 2 == 0 ? 20 : 200) + i));
        }

        File.WriteAllText(folder["f.yaml"], $"name: f\ndata: {{ folder: '{folder["images"]}', image: {{ channels: 1, height: 8, width: 8 }} }}\n"
            + "network: { type: mlp, hidden: [8] }\ntraining: { epochs: 10, optimizer: { type: adam, learningRate: 0.05 }, threads: 1 }\n");
        Assert.Equal(0, Tool.Run("run", folder["f.yaml"], "--output", folder["run"]).Code);
        var result = Tool.Json("compress", folder["run/model.zip"], "--data", folder["images"], "--stage", "filterPruning(amount=0.5, fineTune.epochs=3)",
            "--output", folder["small"]);
        Assert.Equal(8, (int)result["agreements"]![0]!["rows"]!);
        Assert.Equal((64 * 4) + 4 + (4 * 2) + 2, (int)result["ledger"]![1]!["size"]!["parameters"]!);
        Directory.Move(folder["images/light"], folder["images/pale"]);
        Assert.Contains("'pale', which the model does not know", Tool.Fails(1, "compress", folder["run/model.zip"], "--data", folder["images"],
            "--stage", "fit", "--output", folder["other"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Values_have_no_class_to_agree_on()
    {
        File.WriteAllText(folder["t.csv"], "a,b,y\n" + Rows(i => $"{i % 7},{i % 5},{(i % 7) - (2 * (i % 5))}"));
        File.WriteAllText(folder["t.yaml"], $"name: t\ntask: regression\ndata: {{ csv: '{folder["t.csv"]}', label: y }}\n"
            + "network: { type: mlp, hidden: [16] }\ntraining: { epochs: 20, optimizer: { type: adam, learningRate: 0.05 }, threads: 1 }\n");
        Assert.Equal(0, Tool.Run("run", folder["t.yaml"], "--output", folder["run"]).Code);
        var result = Tool.Json("compress", folder["run/model.zip"], "--data", folder["t.csv"], "--stage", "filterPruning(amount=0.25, fineTune.epochs=5)",
            "--output", folder["small"]);
        Assert.Empty(result["agreements"]!.AsArray());
        Assert.True((double)result["ledger"]![1]!["metrics"]!["r2"]! > 0.9);
        var zip = folder["run/model.zip"];
        Assert.Contains($"'{zip}' is to predict the same classes, but both models do regression; leave it out (--agree)", Tool.Fails(1, "compress", zip,
            "--data", folder["t.csv"], "--stage", "fit", "--agree", zip, "--output", folder["other"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Agreement_counts_who_is_right_where_models_differ()
    {
        var agreement = Compression.Agreement.Of("large", ["a", "b", "a", "c", "b"], ["a", "a", "b", "b", "b"], ["a", "b", "b", "a", "c"]);
        Assert.Equal(new("large", 5, Same: 2, Right: 1, OtherRight: 1), agreement);
        Assert.Equal((0.4, 1), (agreement.Share, agreement.NeitherRight));
    }

    private static void Image(string path, byte grey)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var bitmap = new SkiaSharp.SKBitmap(12, 10);
        bitmap.Erase(new SkiaSharp.SKColor(grey, grey, grey));
        using var stream = File.Create(path);
        bitmap.Encode(stream, SkiaSharp.SKEncodedImageFormat.Png, 100);
    }

    private JsonNode Compress(params string[] args) =>
        Tool.Json(["compress", digits.Zip, "--data", digits.Yaml, "--output", folder["small"], .. args]);

    private string Fails(int code, params string[] args) =>
        Tool.Fails(code, ["compress", digits.Zip, "--data", digits.Yaml, "--output", folder["small"], .. args]);

    private static string Rows(Func<int, string> row) => string.Join('\n', Enumerable.Range(0, 300).Select(row)) + "\n";
}
