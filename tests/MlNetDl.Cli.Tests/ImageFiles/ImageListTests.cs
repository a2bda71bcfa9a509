using MlNetDl.Experiments;
using MlNetDl.Tasks;

namespace MlNetDl.Cli.Tests.ImageFiles;

/// <summary>Lists of images: tables with a column of paths and one of labels.</summary>
public sealed class ImageListTests : IDisposable
{
    private readonly PictureFolder folder = new PictureFolder().With("all", 12);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("image,breed", ",")]
    [InlineData("breed\tfile_name", "\t", true)]
    [InlineData(null, " ")]
    [InlineData("Path;Label;remark", ";")]
    public void Columns_are_found_by_their_names_or_by_what_is_in_them(string? header, string separator, bool isReversed = false)
    {
        var data = List("list.txt", header, i => isReversed ? $"{Breed(i)}{separator}all/{i}.png"
            : $"all/{i}.png{separator}{Breed(i)}{(header?.Contains("remark", StringComparison.Ordinal) == true ? ";x" : "")}");
        var said = folder.Said(data);
        Assert.StartsWith("10 examples to train on, 2 to test with\n  2 classes: cat 5, dog 5\n", said, StringComparison.Ordinal);
        Assert.Contains(header is null ? "columns: paths 'column1', labels 'column2'" : "columns: paths '", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_may_say_the_part()
    {
        var data = List("list.csv", "path,label,split,id", i => $"all/{i}.png,{Breed(i)},{(i < 8 ? "TRAIN" : i < 10 ? "valid" : "test")},{100 + (i * i)}");
        Assert.Equal(
            "8 examples to train on, 2 to validate with, 2 to test with\n  2 classes: cat 4, dog 4\n  columns: paths 'path', labels 'label', parts "
                + "'split'; left out: 'id'\n  validation part: rows of the list that say so\n  the network takes 3x4x4, the size of all images\n"
                + "  12 images, 0.6 KB decoded: kept in memory\n"
                + "warning: 2 classes have fewer than 5 images to train on: 'cat' 4, 'dog' 4; nothing can be learnt or told of them for sure.",
            folder.Said(data));
        Assert.Contains("left out: 2 images of the list's own validation part", folder.Said(data with { Validation = 0.2 }), StringComparison.Ordinal);
        Assert.Equal("'list.csv', line 3: column 'split' has 'later', but a part is train, val or test.",
            folder.Refused(List("list.csv", "path,label,split", i => $"all/{i}.png,{Breed(i)},{(i == 1 ? "later" : "train")}")));
        Assert.Equal("'list.csv' has no image to train on: no row says 'train'.",
            folder.Refused(List("list.csv", "path,label,split", i => $"all/{i}.png,{Breed(i)},test")));
    }

    [Fact]
    public void Missing_files_are_listed_all_at_once_or_left_out()
    {
        var data = List("list.csv", "path,label", i => $"all/{i + 3}.png,{Breed(i)}");
        Assert.StartsWith("3 images cannot be read:\n  all/12.png: the file cannot be read: it does not exist, or is a link to one that does not.\n  "
            + "all/13.png",
            folder.Refused(data), StringComparison.Ordinal);
        Assert.Contains("warning: 3 images that cannot be read are left out: ", folder.Said(data with { BadFiles = BadFiles.Skip }), StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_may_be_numbers_or_yes_and_no_or_absent()
    {
        var amounts = List("list.csv", "path,age", i => $"all/{i}.png,{i}.5");
        Assert.Equal(12, Parts(amounts, new Regression()).Sum(p => ((float[])p.Targets!).Length));
        Assert.Contains("a regression needs numbers", folder.Refused(List("list.csv", "path,label", i => $"all/{i}.png,{Breed(i)}"), new Regression()),
            StringComparison.Ordinal);
        Assert.Contains("positive: 'yes'", folder.Said(List("list.csv", "path,label", i => $"all/{i}.png,{(i % 2 == 0 ? "yes" : "no")}"),
            new BinaryClassification()),
            StringComparison.Ordinal);
        Assert.All(Parts(List("list.csv", "path", i => $"all/{i}.png"), null), p => Assert.Null(p.Targets));
    }

    [Fact]
    public void Doubtful_columns_are_asked_for()
    {
        var data = List("list.csv", "path,colour,breed", i => $"all/{i}.png,red{i % 3},{Breed(i)}");
        Assert.Equal("Which column of 'list.csv' has the labels? Write data.label; it has: colour, breed.", folder.Refused(data));
        Assert.Contains("cat 5, dog 5", folder.Said(data with { Label = "breed" }), StringComparison.Ordinal);
        Assert.Equal("data.label names 'kind', which is no column of 'list.csv'; it has: path, colour, breed.", folder.Refused(data with { Label = "kind" }));
        Assert.StartsWith("Which column of 'list.csv' has the paths of images? Write data.pathColumn;",
            folder.Refused(List("list.csv", "number,label", i => $"{i},{Breed(i)}")), StringComparison.Ordinal);
        Assert.Contains("'list.csv', line 2: the label 'label' is missing", folder.Refused(List("list.csv", "path,label", i =>
            $"all/{i}.png,{(i == 0 ? "" : Breed(i))}")),
            StringComparison.Ordinal);
        Assert.Contains("does not exist", folder.Refused(new ImageListData { ImageList = folder["no.csv"] }), StringComparison.Ordinal);
        Assert.Equal("data.imageList names 'all', which is a folder; write data.folder for it.",
            folder.Refused(new ImageListData { ImageList = folder["all"] }));
    }

    [Fact]
    public void Validation_may_be_a_list_of_its_own()
    {
        var data = List("list.csv", "path,label", i => $"all/{i}.png,{Breed(i)}");
        folder.With("more", 2);
        List("more.csv", "path,label", i => $"more/{i % 2}.png,{Breed(i)}");
        var said = folder.Said(data with { Validation = folder["more.csv"] });
        Assert.StartsWith("10 examples to train on, 12 to validate with, 2 to test with", said, StringComparison.Ordinal);
        Assert.Contains("validation part: 'more.csv'", said, StringComparison.Ordinal);
    }

    /// <summary>In a list with more columns the label would be asked for, but the list to train on has said which it is.</summary>
    [Fact]
    public void The_label_of_a_validation_list_is_called_as_in_the_list_to_train_on()
    {
        var data = List("list.csv", "path,breed", i => $"all/{i}.png,{Breed(i)}") with { Validation = folder["more.csv"] };
        folder.With("more", 2);
        List("more.csv", "id,path,breed,colour", i => $"{i * i},more/{i % 2}.png,{Breed(i)},red{i % 3}");
        Assert.StartsWith("10 examples to train on, 12 to validate with, 2 to test with", folder.Said(data), StringComparison.Ordinal);
        List("more.csv", "path,kind", i => $"more/{i % 2}.png,{Breed(i)}");
        Assert.Equal("'more.csv' has no column 'breed', which has the labels of 'list.csv'; it has: path, kind.", folder.Refused(data));
        List("more.csv", "path,breed", i => $"more/{i % 2}.png,{(i == 3 ? "cow" : Breed(i))}");
        Assert.StartsWith("The validation part 'more.csv' has the class 'cow', of which the part to train on has no image",
            folder.Refused(data), StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_without_labels_have_validation_parts_too()
    {
        var data = List("list.csv", "path,split", i => $"all/{i}.png,{(i < 6 ? "train" : i < 10 ? "val" : "test")}");
        Assert.Equal((6, 4, 2), Counts(data));
        List("more.csv", "path", i => $"all/{i}.png");
        Assert.Equal((6, 12, 2), Counts(data with { Validation = folder["more.csv"] }));
        Assert.Equal((6, null, 2), Counts(data with { Validation = 0.5 }));

        static (int Train, int? Validation, int Test) Counts(ImageListData data)
        {
            var loaded = (LoadedExamples)data.Load(null);
            Assert.Null(loaded.Validation?.Targets);
            return (loaded.Parts.Train.Count, loaded.Validation?.Count, loaded.Parts.Test.Count);
        }
    }

    /// <summary>The same images give the same model, whether a folder or a list names them.</summary>
    [Fact]
    public void A_list_is_trained_from_its_yaml_and_evaluated_by_it()
    {
        folder.With("photos/cat", 6).With("photos/dog", 6);
        File.WriteAllLines(folder["list.csv"], Directory.GetFiles(folder["photos"], "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(f => $"{Path.GetRelativePath(folder["."], f)},{Path.GetFileName(Path.GetDirectoryName(f))}"));
        File.WriteAllText(folder["list.yaml"], $"{{ name: a, data: {{ imageList: '{folder["list.csv"]}' }}, network: {{ type: mlp, hidden: [4] }}, training: "
            + "{ epochs: 1, threads: 1 } }");
        var listed = Tool.Json("run", folder["list.yaml"], "--output", folder["list"]);
        var found = Tool.Json("run", folder["list.yaml"], "--output", folder["found"], $"data={{ folder: '{folder["photos"]}' }}");
        Assert.Equal(found["metrics"]!.ToJsonString(), listed["metrics"]!.ToJsonString());
        Assert.Equal((double)listed["metrics"]!["test"]!["logLoss"]!,
            (double)Tool.Json("evaluate", folder["list/model.zip"], "--data", folder["list/config.resolved.yaml"])["logLoss"]!, 5);
    }

    private static string Breed(int number) => number % 2 == 0 ? "cat" : "dog";

    private ImageListData List(string name, string? header, Func<int, string> row)
    {
        File.WriteAllLines(folder[name], Enumerable.Range(0, 12).Select(row).Prepend(header).OfType<string>());
        return new() { ImageList = folder[name] };
    }

    private static Data.Examples[] Parts(ImageListData data, LearningTask? task)
    {
        var (train, test) = ((LoadedExamples)data.Load(task)).Parts;
        return [train, test];
    }
}
