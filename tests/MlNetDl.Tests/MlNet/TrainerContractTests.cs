using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Data;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Training.Optimizers;

namespace MlNetDl.Tests.MlNet;

/// <summary>What every trainer must keep, modelled on ML.NET's own TestEstimatorCore.</summary>
[Collection("torch")]
public sealed class TrainerContractTests
{
    public static TheoryData<PredictionTask> Tasks => [PredictionTask.Multiclass, PredictionTask.Binary, PredictionTask.Regression];

    internal sealed class Row
    {
        public string Text { get; set; } = "";

        public bool Yes { get; set; }

        public float Value { get; set; }

        [VectorType(3)]
        public float[] Features { get; set; } = [];

        public float Weight { get; set; } = 1;
    }

    internal static IEnumerable<Row> Rows(int count = 90) => Enumerable.Range(0, count).Select(i =>
    {
        var random = new Random(i);
        int c = i % 3;
        float[] x = [.. Enumerable.Range(0, 3).Select(j => (float)random.NextDouble() + (j == c ? 1.5f : 0))];
        return new Row
        {
            Text = "abc"[c].ToString(),
            Yes = c == 1,
            Value = (10 * x[0]) - x[1] + 100,
            Features = x,
        };
    });

    /// <summary>Data with a Label for the task, and the trainer.</summary>
    internal static (IDataView Data, NeuralNetworkTrainer Trainer) Case(
        MLContext ml, PredictionTask task, Action<NeuralNetworkOptions>? change = null)
    {
        var options = new NeuralNetworkOptions
        {
            Network = new Mlp { Hidden = [16] },
            Training = new()
            {
                Epochs = 30,
                BatchSize = 16,
                Optimizer = new Adam { LearningRate = 0.02 },
            },
        };
        change?.Invoke(options);
        var rows = ml.Data.LoadFromEnumerable(Rows());
        var data = task switch
        {
            PredictionTask.Multiclass => ml.Transforms.Conversion.MapValueToKey("Label", "Text").Fit(rows).Transform(rows),
            PredictionTask.Binary => ml.Transforms.CopyColumns("Label", "Yes").Fit(rows).Transform(rows),
            _ => ml.Transforms.CopyColumns("Label", "Value").Fit(rows).Transform(rows),
        };
        return (data, task switch
        {
            PredictionTask.Multiclass => ml.MulticlassClassification.Trainers.NeuralNetwork(options),
            PredictionTask.Binary => ml.BinaryClassification.Trainers.NeuralNetwork(options),
            _ => ml.Regression.Trainers.NeuralNetwork(options),
        });
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void The_foretold_schema_is_the_real_one(PredictionTask task)
    {
        var ml = new MLContext(seed: 1);
        var (data, trainer) = Case(ml, task);
        LabelTypesTests.AssertForetold(trainer, data, trainer.Fit(data));
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Cursor_row_mapper_and_parallel_scoring_agree(PredictionTask task)
    {
        var ml = new MLContext(seed: 1);
        var (data, trainer) = Case(ml, task, o => o.Scoring = new() { BatchSize = 7, Threads = 1 });
        using var model = trainer.Fit(data);
        var expected = Scores(model.Transform(data));
        Assert.Equal(task == PredictionTask.Multiclass ? 270 : 90, expected.Count);

        // Through a cache, through a batch size that does not divide, and from eight threads at once.
        Assert.Equal(expected, Scores(ml.Data.Cache(model.Transform(data))));
        Assert.Equal(expected, Scores(model.WithScoring(new() { BatchSize = 1000 }).Transform(data)), Close);
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ => Assert.Equal(expected, Scores(model.Transform(data))));

        // Row by row, as PredictionEngine does.
        Assert.True(model.IsRowToRowMapper);
        var mapper = model.GetRowToRowMapper(data.Schema);
        using var cursor = data.GetRowCursor(data.Schema);
        using var row = mapper.GetRow(cursor, mapper.OutputSchema);
        var byRow = new List<float>();
        if (mapper.OutputSchema["Score"].Type is VectorDataViewType)
        {
            var get = row.GetGetter<VBuffer<float>>(mapper.OutputSchema["Score"]);
            for (VBuffer<float> value = default; cursor.MoveNext();)
            {
                get(ref value);
                byRow.AddRange(value.GetValues());
            }
        }
        else
        {
            var get = row.GetGetter<float>(mapper.OutputSchema["Score"]);
            for (float value = 0; cursor.MoveNext();)
            {
                get(ref value);
                byRow.Add(value);
            }
        }

        Assert.Equal(expected, byRow, Close);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void The_same_seed_gives_the_same_model_and_a_saved_one_scores_the_same(PredictionTask task)
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(seed: 5);
        var (data, trainer) = Case(ml, task);
        var model = trainer.Fit(data);
        Assert.Equal(Scores(model.Transform(data)), Scores(trainer.Fit(data).Transform(data)));
        Assert.NotEqual(Scores(model.Transform(data)), Scores(Case(new MLContext(seed: 6), task).Trainer.Fit(data).Transform(data)));

        // A seed of its own is the trainer's, whatever the context's.
        Assert.Equal(
            Scores(model.Transform(data)),
            Scores(Case(new MLContext(seed: 6), task, o => o.Training = o.Training with { Seed = 5 }).Trainer
                .Fit(data)
                .Transform(data)));
        ml.Model.Save(model, data.Schema, folder["a.zip"]);
        ml.Model.SaveAtomically(model, data.Schema, folder["b.zip"]);
        foreach (var path in (string[])["a.zip", "b.zip"])
        {
            Assert.Equal(Scores(model.Transform(data)), Scores(new MLContext().Model.Load(folder[path], out _).Transform(data)));
        }
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Columns_that_are_not_asked_for_cost_nothing_and_are_refused(PredictionTask task)
    {
        var ml = new MLContext(seed: 1);
        var (data, trainer) = Case(ml, task);
        var scored = trainer.Fit(data).Transform(data);
        using var cursor = scored.GetRowCursor([scored.Schema["Features"]]);
        Assert.True(cursor.MoveNext());
        Assert.False(cursor.IsColumnActive(scored.Schema["Score"]));
        Assert.Contains(
            "not active",
            Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<float>(scored.Schema["Score"])).Message,
            StringComparison.Ordinal);
        using var all = scored.GetRowCursor(scored.Schema);
        Assert.Contains(
            "was asked for",
            Assert.Throws<InvalidOperationException>(() => all.GetGetter<double>(scored.Schema["Score"])).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Continues_from_a_fitted_model(PredictionTask task)
    {
        var ml = new MLContext(seed: 1);
        var (data, trainer) = Case(ml, task);
        var first = trainer.Fit(data);
        var (_, again) = Case(ml, task, o =>
        {
            o.ContinueFrom = first;
            o.Training = o.Training with { Epochs = 1, Optimizer = new Sgd { LearningRate = 1e-9 } };
        });
        Assert.Equal(Scores(first.Transform(data)), Scores(again.Fit(data).Transform(data)), Close);
    }

    [Fact]
    public void A_trainer_keeps_the_settings_it_was_made_with()
    {
        var ml = new MLContext(seed: 1);
        NeuralNetworkOptions mine = null!;
        var (data, trainer) = Case(ml, PredictionTask.Regression, o => mine = o);
        var expected = Scores(trainer.Fit(data).Transform(data));
        (mine.Network, mine.Standardize, mine.FeatureColumnName, mine.Stop) = (
            new Mlp { Hidden = [2] }, false, "Absent", new(canceled: true));
        Assert.Equal(expected, Scores(trainer.Fit(data).Transform(data)));
    }

    internal static List<float> Scores(IDataView scored) => scored.Schema["Score"].Type is VectorDataViewType
        ? [.. scored.GetColumn<float[]>("Score").SelectMany(s => s)]
        : [.. scored.GetColumn<float>("Score")];

    private static bool Close(float a, float b) => Math.Abs(a - b) < 1e-4 * Math.Max(1, Math.Abs(a));
}
