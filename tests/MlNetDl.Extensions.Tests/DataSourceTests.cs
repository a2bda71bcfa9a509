using System.Globalization;
using MlNetDl.Configuration;
using MlNetDl.Experiments;
using MlNetDl.Extensions.Tests.Parts;
using MlNetDl.Networks;
using MlNetDl.Tasks;

namespace MlNetDl.Extensions.Tests;

/// <summary>Kinds of data of a host's own, used from YAML as the built-in ones are.</summary>
public sealed class DataSourceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>An experiment on 200 points: those inside a circle and those outside.</summary>
    internal static string Points(TemporaryFolder folder)
    {
        var random = new Random(1);
        var lines = Enumerable.Range(0, 200).Select(i =>
        {
            var (x, y) = ((random.NextDouble() * 4) - 2, (random.NextDouble() * 4) - 2);
            return string.Create(CultureInfo.InvariantCulture, $"{x:F4} {y:F4} {((x * x) + (y * y) < 2 ? "inside" : "outside")}");
        });
        File.WriteAllLines(folder["points.txt"], lines);
        File.WriteAllText(folder["points.yaml"], $$"""
            name: points
            data: { points: '{{folder["points.txt"]}}' }
            network: { type: mlp, hidden: [16] }
            training: { epochs: 40, batchSize: 16, optimizer: { type: adam, learningRate: 0.02 }, threads: 1 }
            """);
        return folder["points.yaml"];
    }

    internal static string Plants(TemporaryFolder folder)
    {
        File.WriteAllText(folder["plants.yaml"], """
            name: plants
            task: regression
            data: greenhouse
            network: { type: mlp, hidden: [16] }
            training: { epochs: 60, batchSize: 16, optimizer: { type: adam, learningRate: 0.02 }, threads: 1 }
            """);
        return folder["plants.yaml"];
    }

    [Fact]
    public void A_source_of_examples_is_trained_on_continued_and_evaluated()
    {
        var experiment = Experiment.Load(Points(folder), "data.scale=0.5");
        Assert.Equal(0.5, Assert.IsType<PointList>(experiment.Data).Scale);
        var result = new ExperimentRunner(folder["run"]).Run(experiment);
        Assert.InRange(result.Metrics.Test["accuracy"], 0.9, 1);
        Assert.Equal(
            result.ToJson(),
            new ExperimentRunner(folder["run"]).Run(Experiment.Load(folder["run/config.resolved.yaml"])).ToJson());

        var evaluation = Evaluator.Evaluate(folder["run/model.zip"], experiment.Data);
        Assert.Equal(49, evaluation.Rows);
        Assert.Equal(result.Metrics.Test["accuracy"], evaluation.Metrics["accuracy"]);

        // Results of other points are not this run's.
        File.AppendAllLines(folder["points.txt"], ["0 0 inside"]);
        Assert.Contains(
            "(data.points)",
            Assert.Throws<RunFolderConflictException>(
                () => new ExperimentRunner(folder["run"]).Run(experiment)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_of_rows_is_trained_on_evaluated_and_predicted_for()
    {
        var experiment = Experiment.Load(Plants(folder));
        var result = new ExperimentRunner(folder["run"]).Run(experiment);
        Assert.InRange(result.Metrics.Test["r2"], 0.95, 1);
        Assert.Equal(result.Metrics.Test["r2"], Evaluator.Evaluate(folder["run/model.zip"], experiment.Data).Metrics["r2"]);

        File.WriteAllText(folder["new.csv"], "Kind,Light\nfern,3\ncactus,3\n");
        using var predictor = Predictor.Load(folder["run/model.zip"]);
        var heights = predictor.Predict(folder["new.csv"]).Select(p => (double)p.Predicted!).ToList();
        Assert.InRange(heights[1] - heights[0], 15, 21);
    }

    [Fact]
    public void Catalog_and_schema_have_it()
    {
        Assert.Equal(["points", "scale", "validation"], ComponentKey.Of(DataSources.All.Find("points")).Select(k => k.Name));
        Assert.Contains("\"const\":\"points\"", Schema.For<Experiment>().ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data.scale=0", "data.scale must be above 0 but is 0.")]
    [InlineData("data.size=1", "unknown key 'size'")]
    [InlineData("data.csv=x.csv", "needs exactly one of the keys codes, csv, dataset, folder, imageList, points")]
    [InlineData("data={ type: points }", "the key 'points' is missing.")]
    public void What_is_wrong_is_told_before_data_is_read(string change, string message) => Assert.Contains(
        message,
        Assert.Throws<ConfigurationException>(() => Experiment.Load(Points(folder), change)).Message,
        StringComparison.Ordinal);

    /// <summary>Only who reads the run's configuration again looks its name up.</summary>
    [Fact]
    public void One_that_is_not_registered_works_from_csharp_and_who_reads_its_name_is_told_the_call()
    {
        Points(folder);
        var data = new Unregistered { Points = new() { Points = folder["points.txt"] } };
        var experiment = new Experiment
        {
            Name = "a",
            Data = data,
            Network = new Mlp(),
            Training = new() { Epochs = 1, Threads = 1 },
        };
        new ExperimentRunner(folder["run"]).Run(experiment);
        var e = Assert.Throws<ConfigurationException>(() => Experiment.Load(folder["run/config.resolved.yaml"]));
        Assert.Contains(
            "DataSources.All.Register<MlNetDl.Extensions.Tests.DataSourceTests.Unregistered>()",
            e.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void One_whose_code_fails_is_named()
    {
        Assert.Equal("the source Failing failed in Load: no such key.", Message(new KeyNotFoundException("no such key")));
        Assert.Contains("failed in Load: it returned null;", Message(null), StringComparison.Ordinal);

        // The contract has an error for data that is wrong: it comes as it is.
        var data = new InvalidDataException("row 3 has no label.");
        Assert.Same(data, Assert.Throws<InvalidDataException>(() => Run(data)));

        string Message(Exception? reason) => Assert.Throws<ComponentException>(() => Run(reason)).Message;

        void Run(Exception? reason) => new Experiment
        {
            Name = "a",
            Data = new Failing { Reason = reason },
            Network = new Mlp(),
        }.InputAndOutputs();
    }

    [Fact]
    public void Data_without_a_part_is_refused_where_it_is_made()
    {
        var examples = new MlNetDl.Data.Examples(MlNetDl.Layers.Contracts.Shape.Vector(1), new float[2]);
        Assert.StartsWith(
            "An experiment needs data to test with, but the part is null.",
            Assert.Throws<ArgumentNullException>(() => new LoadedExamples(null, examples, null!)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => new LoadedExamples(null, null!, examples));
        var rows = new Microsoft.ML.MLContext().Data.LoadFromEnumerable([new { X = 1f }]);
        Assert.Equal("train", Assert.Throws<ArgumentNullException>(() => new LoadedRows(null, null!, rows, null)).ParamName);
        Assert.Equal("test", Assert.Throws<ArgumentNullException>(() => new LoadedRows(null, rows, null!, null)).ParamName);
    }

    [Theory]
    [InlineData("training.epochs=choice(1, 2)")]
    [InlineData("data.scale=choice(1, 2)")]
    public void A_source_that_never_equals_itself_is_searched(string searched) => Assert.NotNull(Loaded(searched).Search);

    [Fact]
    public void A_relative_path_of_a_source_of_a_host_is_refused_where_it_is_searched()
    {
        var e = Assert.Throws<ConfigurationException>(() => Loaded("data={choice: [{ type: parts, files: [/a, b] }, { type: parts, files: [/c] }]}"));
        Assert.Contains("search.space.data chooses between paths that count from the current folder", e.Message, StringComparison.Ordinal);
    }

    private static Experiment Loaded(string searched)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["parts.yaml"], """
            name: parts
            data: { type: parts, files: [a, b] }
            network: { type: mlp }
            training: { validationFraction: 0.2 }
            search:
              space: {}
              objective: { maximize: validation.accuracy }
            """);
        return Experiment.Load(folder["parts.yaml"], searched);
    }

    /// <summary>Points in several files, whose list is another one whenever paths are made whole.</summary>
    internal sealed record Several : DataSource
    {
        public required IReadOnlyList<string> Files { get; init; }

        public double Scale { get; init; } = 1;

        public override DataSource WithFullPaths() => this with { Files = [.. Files.Select(Path.GetFullPath)] };

        public override LoadedData Load(LearningTask? task) => throw new NotSupportedException();
    }

    private sealed record Failing : DataSource
    {
        public Exception? Reason { get; init; }

        public override LoadedData Load(LearningTask? task) => Reason is { } reason ? Thrown(reason) : null!;

        private static LoadedData Thrown(Exception reason) => throw reason;
    }

    private sealed record Unregistered : DataSource
    {
        public required PointList Points { get; init; }

        public override LoadedData Load(LearningTask? task) => Points.Load(task);
    }
}
