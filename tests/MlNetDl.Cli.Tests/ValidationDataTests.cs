using System.Globalization;
using MlNetDl.Cli.Tests.ImageFiles;
using MlNetDl.Configuration;
using MlNetDl.Experiments;

namespace MlNetDl.Cli.Tests;

/// <summary>What a training is validated with: a share of the training part, or data of its own.</summary>
public sealed class ValidationDataTests : IDisposable
{
    private readonly PictureFolder folder = new();

    public ValidationDataTests()
    {
        Table("train.csv", 40);
        Table("validation.csv", 10);
        File.WriteAllText(folder["table.yaml"], $$"""
            name: table
            task: regression
            data: { csv: '{{folder["train.csv"]}}', label: y }
            network: { type: mlp, hidden: [4] }
            training: { epochs: 2, threads: 1, restoreBestWeights: true }
            """);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_share_is_the_validation_fraction_of_the_training()
    {
        var named = Tool.Json("run", folder["table.yaml"], "--output", folder["a"], "data.validation=0.25");
        var trained = Tool.Json("run", folder["table.yaml"], "--output", folder["b"], "training.validationFraction=0.25");
        Assert.Equal(trained["metrics"]!.ToJsonString(), named["metrics"]!.ToJsonString());
        Assert.True((double)named["metrics"]!["validation"]!["loss"]! > 0);
        Assert.Contains("done already", Tool.Run("run", folder["table.yaml"], "--output", folder["a"], "data.validation=0.25").Output,
            StringComparison.Ordinal);
        Assert.Equal(0.25, Experiment.Load(folder["a/config.resolved.yaml"]).Training.ValidationFraction);
    }

    [Fact]
    public void A_file_is_read_as_the_one_to_train_on()
    {
        var (code, output, error) = Tool.Run("run", folder["table.yaml"], "--output", folder["a"], $"data.validation={folder["validation.csv"]}");
        Assert.True(code == 0, error);
        Assert.Contains("32 rows to train on, 10 to validate with, 8 to test with; ", output, StringComparison.Ordinal);
        Assert.Contains("validation loss", output, StringComparison.Ordinal);
        File.WriteAllText(folder["other.csv"], "a,z\n1,2\n");
        Assert.Contains("other.csv'", Tool.Fails(1, "run", folder["table.yaml"], "--output", folder["b"], $"data.validation={folder["other.csv"]}"),
            StringComparison.Ordinal);
        Assert.Contains("does not exist", Tool.Fails(1, "run", folder["table.yaml"], "--output", folder["b"], "data.validation=no.csv"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_that_no_row_to_train_on_has_are_refused()
    {
        File.WriteAllText(folder["train.csv"], "a,kind\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"{i},{(i % 2 == 0 ? "odd" : "even")}\n")));
        File.WriteAllText(folder["validation.csv"], "a,kind\n1,odd\n2,strange\n");
        Assert.Contains("has 'strange', of which no row to train on is", Tool.Fails(1, "run", folder["table.yaml"], "--output", folder["a"], "task=multiclass",
            "data.label=kind", $"data.validation={folder["validation.csv"]}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data.validation=0.2", "training.validationFraction=0.1", "data.validation is 0.2, but training.validationFraction is 0.1: both mean "
        + "the share")]
    [InlineData("data.validation=v.csv", "training.validationFraction=0.1", "data.validation names 'v.csv', but training.validationFraction 0.1 holds "
        + "rows out")]
    [InlineData("data.validation=0", "training.epochs=1", "is 0, but a share that is held out lies above 0 and below 1")]
    [InlineData("data={ dataset: xor, validation: v.csv }", "training.epochs=1", "data.validation names 'v.csv', but of data of this kind only a share")]
    public void Two_ways_at_once_are_refused(string one, string other, string message) => Assert.Contains(
        message, Assert.Throws<ConfigurationException>(() => Experiment.Load(folder["table.yaml"], one, other)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_folder_that_has_a_validation_part_needs_no_share()
    {
        folder.WithTwo("photos/train").WithTwo("photos/val");
        string[] run = ["run", folder["table.yaml"], "--output", folder["run"], $"data={{ folder: '{folder["photos"]}' }}", "task=multiclass"];
        Assert.Contains("data.validation is not said, and the data has a validation part of its own, but training.validationFraction 0.1 holds rows "
            + "out as well",
            Tool.Fails(2, [.. run, "training.validationFraction=0.1"]), StringComparison.Ordinal);
        var (code, output, error) = Tool.Run(run);
        Assert.True(code == 0, error);
        Assert.Contains("8 examples in memory, 10 held out for validation", output, StringComparison.Ordinal);
    }

    /// <summary>A search that asks for a figure of validation must know that there is one.</summary>
    [Fact]
    public void A_search_knows_of_it()
    {
        const string search = "search={ space: { training.optimizer.learningRate: { logUniform: [1e-4, 1e-1] } }, objective: [{ minimize: validation.loss }] }";
        Assert.Contains("nothing is held out for validation; set training.validationFraction, such as 0.2, name data.validation",
            Problem(), StringComparison.Ordinal);
        Assert.Equal("", Problem("data.validation=0.2"));
        Assert.Equal("", Problem($"data.validation={folder["validation.csv"]}"));
        folder.WithTwo("photos/train").WithTwo("photos/val");
        Assert.Equal("", Problem($"data={{ folder: '{folder["photos"]}' }}", "task=multiclass"));
        Assert.Contains("data.validation is named beside search.folds", Problem($"data.validation={folder["validation.csv"]}", "search.folds=3"),
            StringComparison.Ordinal);

        string Problem(params string[] overrides)
        {
            try
            {
                Experiment.Load(folder["table.yaml"], [search, .. overrides]);
                return "";
            }
            catch (ConfigurationException e)
            {
                return e.Message;
            }
        }
    }

    private void Table(string name, int rows) => File.WriteAllText(folder[name], "a,b,y\n"
        + string.Concat(Enumerable.Range(0, rows).Select(i => string.Create(CultureInfo.InvariantCulture,
        $"{i % 7 / 7.0:0.###},{i % 5 / 5.0:0.###},{i % 9 / 3.0:0.###}\n"))));
}
