using MlNetDl.Experiments;
using MlNetDl.Tasks;

namespace MlNetDl.Cli.Tests.ImageFiles;

/// <summary>Lists of images that may have several labels each.</summary>
public sealed class MultilabelListTests : IDisposable
{
    private static readonly MultilabelClassification Task = new();

    private readonly PictureFolder folder = new PictureFolder().With("all", 24);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("|", null)]
    [InlineData(" + ", "+")]
    public void Labels_of_one_column_become_a_vector(string between, string? separator)
    {
        var data = List("path,pets", i => $"all/{i}.png,{string.Join(between, Pets(i))}") with { LabelSeparator = separator };
        Assert.StartsWith(
            "20 examples to train on, 4 to test with\n  2 labels, images with each: cat 10, dog 10; 5 have several, 5 none\n",
            folder.Said(data, Task), StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_for_each_label_is_the_same()
    {
        var data = List("path,cat,dog,note", i => $"all/{i}.png,{(Pets(i).Contains("cat") ? "yes" : "no")},{(Pets(i).Contains("dog") ? 1 : 0)},x{i}")
            with
        { Labels = ["cat", "dog"] };
        var said = folder.Said(data, Task);
        Assert.Contains("2 labels, images with each: cat 10, dog 10; 5 have several, 5 none", said, StringComparison.Ordinal);
        Assert.Contains("columns: paths 'path', labels 'cat', 'dog'; left out: 'note'", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_name_all_labels_in_their_order_also_rare_ones_and_no_image_needs_two()
    {
        var data = List("path,split,red,green,war", i => $"all/{i}.png,{(i < 16 ? "train" : "test")},{i % 2},{1 - (i % 2)},{(i < 20 ? 0 : 1)}") with
        {
            Labels = ["red", "war", "green"],
        };
        var test = ((LoadedExamples)data.Load(Task)).Parts.Test;
        Assert.Equal(["red", "war", "green"], test.ClassNames);
        Assert.Equal([0, 0, 1, 1, 0, 0], ((float[])test.Targets!)[..6]);
        var said = folder.Said(data, Task);
        Assert.Contains("3 labels, images with each: red 8, war 0, green 8; 0 have several, 0 none", said, StringComparison.Ordinal);
        Assert.Contains("warning: 1 label is on fewer than 5 images to train on: 'war' 0; nothing can be learnt", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_without_a_label_are_seen_as_all_others_before_the_task_is_known()
    {
        var data = List("path,pets,split", i => $"all/{i}.png,{string.Join('|', Pets(i))},{(i < 16 ? "train" : i < 20 ? "val" : "test")}");
        Assert.Equal((true, true), (data.HasValidationPart, data.MayHaveValidationPart));
        var before = DataFingerprint.Of(data);
        Assert.Contains("images", before.Keys);
        folder.Write("all/4.png", folder.Picture(side: 5));
        Assert.Equal(["images"], DataFingerprint.Changed(before, DataFingerprint.Of(data)));
    }

    [Fact]
    public void A_run_of_a_list_is_evaluated_and_predicts()
    {
        List("path,pets", i => $"all/{i}.png,{string.Join('|', Pets(i))}");
        File.WriteAllText(folder["pets.yaml"], $"name: pets\ntask: multilabel\ndata: {{ imageList: '{folder["list.csv"]}', label: pets }}\n"
            + "network: { type: mlp, hidden: [4] }\ntraining: { epochs: 2, threads: 1, seed: 1 }\n");
        var (code, output, error) = Tool.Run("run", folder["pets.yaml"], "-o", folder["run"]);
        Assert.True(code == 0, error);
        Assert.Contains("label", output, StringComparison.Ordinal);
        var figures = Tool.Json("evaluate", folder["run/model.zip"], "--data", folder["run/config.resolved.yaml"]);
        Assert.Equal(["cat", "dog"], figures["report"]!["classes"]!.AsArray().Select(c => (string)c!["name"]!));
        Assert.Equal(0, Tool.Run("predict", folder["run/model.zip"], folder["all/0.png"]).Code);
    }

    [Fact]
    public void What_does_not_suit_is_refused()
    {
        Assert.Contains("No image of 'list.csv' has two labels. Write task: multiclass where an image has one",
            Refused(List("path,pets", i => $"all/{i}.png,{"abc"[i % 3]}")), StringComparison.Ordinal);
        Assert.Contains("'list.csv', line 4: column 'pets' has 'NA': has the image no label, or are its labels not known?",
            Refused(List("path,pets", i => $"all/{i}.png,{(i == 2 ? "NA" : string.Join('|', Pets(i)))}")), StringComparison.Ordinal);
        Assert.Contains("'list.csv', line 2: column 'dog' has 'maybe', but as a label it says for every image whether it has it",
            Refused(List("path,cat,dog", i => $"all/{i}.png,1,maybe") with { Labels = ["cat", "dog"] }), StringComparison.Ordinal);
        Assert.Contains("data.labels names 'bird', which is no column",
            Refused(List("path,cat,dog", i => $"all/{i}.png,1,0") with { Labels = ["cat", "bird"] }), StringComparison.Ordinal);
        Assert.Contains("The test part 'list.csv, test' has the label 'bird', which no image to train on has; there are 'cat', 'dog'.",
            Refused(List("path,pets,split", i => $"all/{i}.png,{(i < 20 ? string.Join('|', Pets(i)) : "bird")},{(i < 20 ? "train" : "test")}")),
            StringComparison.Ordinal);
        Assert.Contains("needs several labels an image; name them in a list (data.imageList)",
            Assert.Single(folder.Data().ProblemsWith(Task)).Text, StringComparison.Ordinal);
    }

    private static string[] Pets(int i) => (i % 4) switch { 0 => [], 1 => ["cat"], 2 => ["dog"], _ => ["dog", "cat"] };

    private string Refused(DataSource data) => folder.Refused(data, Task);

    private ImageListData List(string header, Func<int, string> row)
    {
        File.WriteAllLines(folder["list.csv"], Enumerable.Range(0, 24).Select(row).Prepend(header));
        return new() { ImageList = folder["list.csv"], Label = header.Contains("pets", StringComparison.Ordinal) ? "pets" : null };
    }
}
