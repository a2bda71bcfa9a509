using MlNetDl.Training;

namespace MlNetDl.Tests.Training;

/// <summary>Whether a checkpoint can be written is found before the training, not after its first epoch.</summary>
[Collection("torch")]
public sealed class CheckpointPathTests
{
    [Theory]
    [InlineData("file/checkpoint")]
    [InlineData("file/below/checkpoint")]
    [InlineData("folder")]
    [InlineData("new/\0")]
    public void A_path_that_cannot_be_written_is_one_error_before_the_first_step(string path)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["file"], "x");
        Directory.CreateDirectory(folder["folder"]);
        var watch = new Watch(folder.Path);
        var error = Assert.Throws<IOException>(() => Samples.Fit(Samples.Options, folder[path], callbacks: watch));
        Assert.StartsWith($"The checkpoint '{folder[path]}' cannot be written: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("Name a file in a folder that can be written to.", error.Message, StringComparison.Ordinal);
        Assert.Empty(watch.Files);
        Assert.Equal([folder["file"], folder["folder"]], Directory.GetFileSystemEntries(folder.Path).Order());
    }

    [Fact]
    public void Looking_makes_the_folder_and_leaves_nothing_in_it()
    {
        using var folder = new TemporaryFolder();
        var watch = new Watch(folder.Path);
        Samples.Fit(Samples.Options with { Epochs = 1 }, folder["a/b/checkpoint"], callbacks: watch);
        Assert.Equal([folder["a"], folder["a/b"]], watch.Files[0].Order());
        Assert.Equal([folder["a/b/checkpoint"]], Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories));
    }

    private sealed class Watch(string folder) : Callback
    {
        public List<string[]> Files { get; } = [];

        public override void StepEnded(TrainingProgress progress) =>
            Files.Add(Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories));
    }
}
