namespace MlNetDl.Packaging.Tests;

/// <summary>The library's package in the hands of a user: two applications outside the repository that know it by
/// its name only.</summary>
[Collection("feed")]
public sealed class LibraryPackageTests(Feed feed)
{
    [Fact]
    public void A_consumer_trains_run_published_and_as_one_file_and_one_without_libtorch_scores_the_same()
    {
        var trainer = feed.Consumer("Trainer");
        var trained = Lines(feed.Shell.Dotnet("run", "-c", "Release", "--project", trainer, "--", feed["run.zip"]));
        Assert.Equal("6", trained[0]);
        Assert.Equal(5, trained.Length);
        Assert.NotEqual(trained[1], trained[2]);

        feed.Shell.Dotnet("publish", trainer, "-c", "Release", "-r", Feed.System, "--self-contained", "false", "-o", feed["published"]);
        Assert.Equal(trained, Lines(feed.Shell.Run(feed[Path.Combine("published", "Trainer")], feed["published.zip"])));

        // As one file, with the warnings that this switches on as errors.
        feed.Shell.Dotnet(
            "publish",
            trainer,
            "-c",
            "Release",
            "-r",
            Feed.System,
            "--self-contained",
            "false",
            "-p:PublishSingleFile=true",
            "-p:TreatWarningsAsErrors=true",
            "-o",
            feed["file"]);
        Assert.Empty(Directory.EnumerateFiles(feed["file"], "MlNetDl*.dll"));
        Assert.Equal(trained, Lines(feed.Shell.Run(feed[Path.Combine("file", "Trainer")], feed["file.zip"])));

        var scorer = feed.Consumer("Scorer");
        var scored = Lines(feed.Shell.Dotnet("run", "-c", "Release", "--project", scorer, "--", feed["run.zip"]));
        Assert.Equal([.. trained[1..], "no TorchSharp"], scored);
        Assert.Empty(Directory.EnumerateFiles(scorer, "*torch_cpu*", SearchOption.AllDirectories));

        // TorchSharp consolidates libtorch into a folder of that name when it loads in its own way.
        Assert.Empty(Directory.EnumerateDirectories(trainer, "cpu", SearchOption.AllDirectories));
        Assert.False(Directory.Exists(feed[Path.Combine("published", "cpu")]));
    }

    private static string[] Lines(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
