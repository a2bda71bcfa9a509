using MlNetDl.Configuration;
using MlNetDl.Experiments;
using MlNetDl.Images;
using MlNetDl.Networks;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;

namespace MlNetDl.Cli.Tests;

/// <summary>The files under Fixtures are <c>config.resolved.yaml</c> of runs by the commit of 2026-11-29 before data
/// sources became kinds (d099a51). Data of each kind then had the keys of all kinds.</summary>
public sealed class EarlierConfigurationTests : IDisposable
{
    private static readonly Experiment Digits = new()
    {
        Name = "digits",
        Data = new NamedDataset { Dataset = "optdigits" },
        Network = new Mlp { Hidden = [16] },
        Training = new()
        {
            Epochs = 2,
            BatchSize = 128,
            Threads = 1,
            Seed = 1,
            Optimizer = new Adam { LearningRate = 0.01 },
        },
    };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Data_of_every_kind_is_read_as_it_was_meant()
    {
        Assert.Equal(ConfigurationDocument.ToYaml(Digits), ConfigurationDocument.ToYaml(Experiment.Load(Fixture("dataset"))));
        Assert.Equal(new CsvData { Csv = "t.csv", Label = "kind" }, Experiment.Load(Fixture("csv")).Data);
        Assert.Equal(
            new ImageFolderData
            {
                Folder = "pics",
                TestFraction = 0.5,
                Image = new ImageInput(1, 8, 8),
            },
            Experiment.Load(Fixture("folder")).Data);
    }

    [Fact]
    public void A_run_of_an_earlier_version_is_done_and_its_model_evaluated()
    {
        var result = new ExperimentRunner(folder["run"]).Run(Digits);
        File.Copy(Fixture("dataset"), folder["run/config.resolved.yaml"], overwrite: true);
        Assert.Equal(result.ToJson(), new ExperimentRunner(folder["run"]).Run(Digits).ToJson());

        var evaluated = Tool.Json("evaluate", folder["run/model.zip"], "--data", folder["run/config.resolved.yaml"]);
        Assert.Equal(result.Metrics.Test["accuracy"], (double)evaluated["accuracy"]!, 6);
    }

    /// <summary>Such a key never had an effect, but somebody who set it meant something.</summary>
    [Theory]
    [InlineData("dataset", "data.testFraction=0.3")]
    [InlineData("dataset", "data.ignore=[a]")]
    [InlineData("folder", "data.numeric=[a]")]
    [InlineData("csv", "data.image.height=32")]
    public void A_key_of_another_kind_that_was_set_is_refused(string kind, string change)
    {
        var message = Assert.Throws<ConfigurationException>(() => Experiment.Load(Fixture(kind), change)).Message;
        Assert.Contains($"has no effect on data of the kind '{kind}'. An earlier version wrote this file", message, StringComparison.Ordinal);
        Assert.Contains("delete the key", message, StringComparison.Ordinal);
    }

    /// <summary>Only all the keys together tell an earlier file. A file that somebody writes today is not one.</summary>
    [Fact]
    public void A_single_key_of_another_kind_is_an_unknown_key() => Assert.Contains(
        "data.testFraction: unknown key 'testFraction'",
        Assert.Throws<ConfigurationException>(
            () => ConfigurationDocument.Parse("{ name: a, network: mlp, data: { dataset: xor, testFraction: 0.2 } }").Bind<Experiment>()).Message,
        StringComparison.Ordinal);

    private static string Fixture(string kind) => Path.Combine(AppContext.BaseDirectory, "Fixtures", $"earlier-{kind}.yaml");
}
