using MlNetDl.Experiments;
using MlNetDl.Models;
using MlNetDl.Tasks;

namespace MlNetDl.Cli.Tests.ImageFiles;

/// <summary>A saved model of images knows which of two folders means yes, so that nobody has to say it again.</summary>
public sealed class PositiveImagesTests : IDisposable
{
    private readonly PictureFolder folder = new();

    public PositiveImagesTests()
    {
        // Black cats and white dogs are soon told apart.
        foreach (var part in new[] { "train", "test" })
        {
            for (int i = 0; i < 6; i++)
            {
                folder.Write($"photos/{part}/cat/{i}.png", Png(i)).Write($"photos/{part}/dog/{i}.png", Png(240 + i));
            }
        }

        File.WriteAllText(folder["photos.yaml"], $$"""
            name: photos
            task: binary
            data: { folder: '{{folder["photos"]}}', positive: cat }
            network: { type: mlp, hidden: [4] }
            training: { epochs: 80, threads: 1, batchSize: 12, optimizer: { type: adam, learningRate: 0.05 } }
            """);
        Tool.Json("run", folder["photos.yaml"], "--output", folder["run"]);

        static byte[] Png(int grey) => MlNetDl.Tests.Images.Png.Encode(2, 2, colourType: 0, depth: 8, [.. Enumerable.Repeat((byte)grey, 4)]);
    }

    private string Model => folder["run/model.zip"];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void It_is_evaluated_and_predicts_in_the_words_of_its_folders()
    {
        Assert.Equal(("dog", "cat"), ModelFile.Read(Model).Manifest.Label.YesNoNames is [var no, var yes] ? (no, yes) : default);
        var told = Tool.Json("evaluate", Model, "--data", folder["photos"]);
        Assert.Equal(1, (double)told["accuracy"]!, 1e-9);
        Assert.Equal(["dog", "cat"], told["report"]!["classes"]!.AsArray().Select(c => (string?)c!["class"] ?? (string?)c["name"]));
        var (code, output, error) = Tool.Run("predict", Model, folder["photos/test/cat/0.png"], folder["photos/test/dog/0.png"]);
        Assert.True(code == 0, error);
        Assert.Matches(@"cat.0\.png: cat \(cat \d+\.\d%, dog \d+\.\d%\)\r?\n.*dog.0\.png: dog \(dog", output);
    }

    [Fact]
    public void Another_word_for_yes_is_refused_where_it_would_turn_labels_round()
    {
        Assert.Contains("The model takes 'cat' for yes and 'dog' for no, but the data takes 'dog' for yes",
            Tool.Fails(1, "evaluate", Model, "--data", folder["photos"], "--positive", "dog"), StringComparison.Ordinal);
        Assert.Contains("the data takes 'dog' for yes", Tool.Fails(1, "compress", Model, "--data", folder["photos"], "--positive", "dog", "--stage",
            "magnitudePruning(amount=0.5)", "--output", folder["small"]), StringComparison.Ordinal);
        // Folders with other words are asked for theirs.
        Directory.Move(folder["photos/test/cat"], folder["photos/test/kitten"]);
        Directory.Move(folder["photos/test/dog"], folder["photos/test/puppy"]);
        Assert.Contains("which one is the positive one? Write --positive kitten, or --positive puppy.",
            Tool.Fails(1, "evaluate", Model, "--data", folder["photos/test"]), StringComparison.Ordinal);
        Assert.Equal(1, (double)Tool.Json("evaluate", Model, "--data", folder["photos/test"], "--positive", "kitten")["accuracy"]!, 1e-9);
    }

    [Fact]
    public void Compressing_takes_a_folder_as_the_model_does_and_the_smaller_model_knows_it_too()
    {
        var (code, _, error) = Tool.Run("compress", Model, "--data", folder["photos"], "--stage", "magnitudePruning(amount=0.1)", "--output", folder["small"]);
        Assert.True(code == 0, error);
        Assert.Equal(1, (double)Tool.Json("evaluate", folder["small/model.zip"], "--data", folder["photos"])["accuracy"]!, 1e-9);
        Assert.Equal("cat", ModelFile.Read(folder["small/model.zip"]).Manifest.Label.Positive);
        Assert.Equal(("cat", "dog"), (Positive(null), Positive("dog")));

        string? Positive(string? said) => ((ImageData)CompressionData.Of(Model, folder["photos"], said)).Positive;
    }

    [Fact]
    public void Its_classes_are_weighed_by_the_names_of_the_folders()
    {
        string[] words = ["run", folder["photos.yaml"], "--output", folder["weighed"], "training.epochs=1"];
        Assert.Contains("training.classWeights names a class 'true' that is not there; the classes are dog, cat.",
            Tool.Fails(1, [.. words, "training.classWeights={ true: 3, dog: 1 }"]), StringComparison.Ordinal);
        var (code, output, error) = Tool.Run([.. words, "training.classWeights={ cat: 3 }"]);
        Assert.True(code == 0, error);
        Assert.Contains("2 classes, in this order: dog, cat; examples of each: 6, 6", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_one_known_class_is_evaluated()
    {
        Directory.Delete(folder["photos/test/cat"], recursive: true);
        foreach (var data in new[] { folder["photos"], folder["photos/test"] })
        {
            var told = Tool.Json("evaluate", Model, "--data", data, "--positive", "cat");
            Assert.Equal(1, (double)told["accuracy"]!, 1e-9);
            Assert.Equal([0, 6], told["report"]!["classes"]!.AsArray().Select(c => (int)c!["rows"]!).Order());
        }

        Assert.Equal(1, (double)Tool.Json("evaluate", Model, "--data", folder["photos"])["accuracy"]!, 1e-9);
        Assert.Contains("the data takes 'dog' for yes", Tool.Fails(1, "evaluate", Model, "--data", folder["photos"], "--positive", "dog"),
            StringComparison.Ordinal);
        Directory.Move(folder["photos/test/dog"], folder["photos/test/puppy"]);
        Assert.Contains("has 1 class ('puppy'), but a task of yes and no needs two; add the images of the other class.",
            Tool.Fails(1, "evaluate", Model, "--data", folder["photos"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Models_that_mean_another_class_by_yes_cannot_agree()
    {
        Tool.Json("run", folder["photos.yaml"], "--output", folder["turned"], "data.positive=dog", "training.epochs=1");
        var model = folder["turned/model.zip"];
        Assert.Contains($"The model takes 'cat' for yes, but '{model}' takes 'dog'; models that mean the same by yes can agree.",
            Tool.Fails(1, "compress", Model, "--data", folder["photos"], "--stage", "fit", "--agree", model, "--output", folder["small"]),
            StringComparison.Ordinal);
        Assert.Contains($"The teacher '{model}' has the classes [cat, dog] for no and yes, the student's label has [dog, cat]; a teacher needs the same ones.",
            Tool.Fails(1, "compress", Model, "--data", folder["photos"], "--stage", "fit", "--stage", $"distilled(teacher={model})", "--output", folder["small"]),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_word_that_nobody_needs_is_refused()
    {
        Assert.Contains("says how its data is read", Tool.Fails(2, "evaluate", Model, "--data", folder["photos.yaml"], "--positive", "cat"),
            StringComparison.Ordinal);
        Assert.Contains("--positive does not go with the experiment", Tool.Fails(2, "compress", Model, "--data", folder["photos.yaml"], "--positive", "cat",
            "--stage", "int8"), StringComparison.Ordinal);
        Tool.Json("run", folder["photos.yaml"], "--output", folder["classes"], "task=multiclass", $"data={{ folder: '{folder["photos"]}' }}",
            "training.epochs=1");
        Assert.Contains("'cat' is to mean yes, but the model does multiclass; leave it out.",
            Tool.Fails(1, "evaluate", folder["classes/model.zip"], "--data", folder["photos"], "--positive", "cat"), StringComparison.Ordinal);
        Assert.Equal(["cat", "dog"], ((LoadedExamples)folder.Data().Load(new MulticlassClassification())).Parts.Test.ClassNames);
    }
}
