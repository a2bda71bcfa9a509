using MlNetDl.Configuration;
using MlNetDl.Experiments;
using MlNetDl.Search;

namespace MlNetDl.Cli.Tests;

/// <summary>Overrides below keys that a file does not have.</summary>
public sealed class OverrideTests
{
    private const string File = "name: a\ndata: { folder: photos }\nnetwork: leNet5\n";

    [Fact]
    public void They_change_one_member_of_a_default()
    {
        var document = ConfigurationDocument.Parse(File, "a.yaml");
        document.Override("data.image.height=32");
        document.Override("data.image.resize=crop");
        Assert.Equal(
            new ImageOptions
            {
                Height = 32,
                Resize = Images.ResizeMode.Crop,
            },
            Assert.IsType<ImageFolderData>(document.Bind<Experiment>().Data).Image);
    }

    [Fact]
    public void They_add_entries_to_dictionaries()
    {
        var document = ConfigurationDocument.Parse("parameters: { width: { integer: [8, 256] } }", "space.yaml");
        document.Override("parameters.rate.uniform=[0, 1]");
        Assert.Equal(["width", "rate"], document.Bind<SpaceForm>().Parameters.Keys);
    }

    [Fact]
    public void All_mistakes_are_told_where_a_member_that_must_be_is_wrong_too()
    {
        var document = ConfigurationDocument.Parse(File, "a.yaml");
        document.Override("network=nosuch");
        document.Override("training.epochs=0");
        var lines = Assert.Throws<ConfigurationException>(() => document.Bind<Experiment>()).Message.Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Contains("there is no network 'nosuch'", lines[0], StringComparison.Ordinal);
        Assert.Contains("training.epochs must be 1 or more but is 0.", lines[1], StringComparison.Ordinal);
    }
}
