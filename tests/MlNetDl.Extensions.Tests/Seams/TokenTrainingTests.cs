using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;
using static TorchSharp.torch;

namespace MlNetDl.Extensions.Tests.Seams;

/// <summary>Training on columns of tokens: text, whole numbers, keys.</summary>
public sealed class TokenTrainingTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly MLContext ml = new(1);
    private readonly List<string> messages = [];

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(nameof(Review.Text), 1024)]
    [InlineData(nameof(Review.Text), 0)]
    [InlineData(nameof(Review.Bytes), 1024)]
    [InlineData("Letters", 1024)]
    public void A_column_of_tokens_trains_and_scores_alike_after_saving(string column, int memoryBudget)
    {
        var view = ml.Transforms.Conversion.MapValueToKey("Letters", nameof(Review.Characters)).Fit(View()).Transform(View());
        var trainer = Trainer(column, "int64[N, 40]", memoryBudget);
        using var model = trainer.Fit(view);
        Assert.True(
            model.TrainingReport!.Epochs[^1].Training["accuracy"] > 0.98,
            $"{model.TrainingReport.Epochs[^1].Training["accuracy"]}");
        Assert.DoesNotContain(messages, m => m.Contains("cut", StringComparison.Ordinal));
        ml.Model.SaveAtomically(model, view.Schema, folder["model.zip"]);
        var loaded = ml.Model.Load(folder["model.zip"], out _);
        Assert.Equal(Scores(model.Transform(view)), Scores(loaded.Transform(view)));
        var right = loaded.Transform(view)
            .GetColumn<uint>("PredictedLabel")
            .Zip(view.GetColumn<uint>(nameof(Review.Kind)), (p, k) => p == k);
        Assert.True(right.Average(r => r ? 1.0 : 0) > 0.98);

        // A chain asks its estimators for their columns before it fits them.
        var chain = ml.Transforms.Conversion.MapValueToKey("Letters", nameof(Review.Characters)).Append(trainer).Fit(View());
        Assert.Equal(Scores(model.Transform(view)), Scores(chain.Transform(View())));
    }

    [Fact]
    public void Longer_rows_are_cut_which_is_told_and_scored_alike()
    {
        using var model = Trainer(nameof(Review.Text), "int64[N, 6]").Fit(View());
        Assert.Contains(messages, m =>
            m == "warning: 240 rows were cut to the first 6 tokens; give a longer InputShape to read all of them.");
        var longer = new Review(0);
        var cut = new Review(0) { Text = longer.Text[..6] };
        Assert.Equal(
            Scores(model.Transform(ml.Data.LoadFromEnumerable([cut]))),
            Scores(model.Transform(ml.Data.LoadFromEnumerable([longer]))));
    }

    [Theory]
    [InlineData(nameof(Review.Text), null, "Feature column 'Text' is String;", "Shape.Parse(\"int64[N, 128]\")")]
    [InlineData(nameof(Review.Text), "int64[N, T]", "cannot be read as int64[N, T]", "say how many tokens")]
    [InlineData(nameof(Review.Number), "int64[N, 4]", "is Single", "tokens are whole numbers, keys, or text")]
    [InlineData(nameof(Review.Four), "int64[N, 5]", "is Vector<Int32, 4>", "takes 5 tokens a row")]
    public void A_column_that_gives_no_such_tokens_is_refused(string column, string? shape, string problem, string advice)
    {
        var e = Assert.ThrowsAny<ArgumentException>(() => Trainer(column, shape).Fit(View()));
        Assert.Contains(problem, e.Message, StringComparison.Ordinal);
        Assert.Contains(advice, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Negative_tokens_and_tokens_beyond_the_table_are_refused_by_row()
    {
        var rows = Review.All.Take(20).Select(r => new Review(0) { Kind = r.Kind, Four = [1, -2, 3, 4] }).ToList();
        var e = Assert.Throws<InvalidOperationException>(() => Trainer(nameof(Review.Four), "int64[N, 4]")
            .Fit(ml.Data.LoadFromEnumerable(rows)));
        Assert.Contains("'Four' holds -2 in row 1", e.Message, StringComparison.Ordinal);
        rows = [.. Review.All.Take(20).Select(r => new Review(0) { Kind = r.Kind, Four = [1, 2, 3, 999] })];
        const string beyond = "Embedding has rows for the tokens 0 to 256, but got 999";
        var refused = Assert.Throws<ArgumentException>(() => Trainer(nameof(Review.Four), "int64[N, 4]")
            .Fit(ml.Data.LoadFromEnumerable(rows)));
        Assert.Contains(beyond, refused.Message, StringComparison.Ordinal);
        using var table = new Torch.TorchNetwork(new Analysis.Network(new Embedding(257, 2), Shape.Tokens()));
        Assert.Contains(
            beyond,
            Assert.Throws<InvalidOperationException>(
                () => table.Forward(tensor(new long[] { 1, 999 }).unsqueeze(0))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_of_tokens_are_refused_and_sets_of_tokens_are_scored()
    {
        var tokens = Enumerable.Range(0, 40).SelectMany(i => new long[] { 1, 2, 3, 4 + (i % 2) }).ToArray();
        var examples = new Examples(Shape.Parse("int64[N, 4]"), tokens, Enumerable.Range(0, 40).Select(i => i % 2L).ToArray());
        var recipe = new Recipe
        {
            Task = new MulticlassClassification(),
            Model = Network,
            Training = Options,
        };
        using var model = NeuralNetworkTransformer.Of(ml, recipe.Run(examples).Package);
        var scores = model.Score(examples).Chunk(2).ToList();
        Assert.All(scores.Select((s, i) => s[i % 2]), right => Assert.True(right > 0.5));
        Assert.Equal(scores.SelectMany(s => s), model.Score(examples with { Features = Array.ConvertAll(tokens, t => (float)t) }));
        var parts = examples with { Features = Array.ConvertAll(tokens, t => t + 0.9f) };
        var e = Assert.Throws<ArgumentException>(() => recipe.Run(parts));
        Assert.Contains("Feature 0 of example 0 is 1.9, but int64[N, 4] asks for tokens", e.Message, StringComparison.Ordinal);
        var misfit = Assert.Throws<ShapeException>(() => (recipe with { Model = new Mlp() }).Run(examples));
        Assert.Contains("insert an Embedding", misfit.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_text_reads_no_numbers_and_says_which_token_it_does_not_know()
    {
        using var model = Trainer(nameof(Review.Text), "int64[N, 40]").Fit(View());
        var other = ml.Transforms.CopyColumns(nameof(Review.Text), nameof(Review.Bytes)).Fit(View()).Transform(View());
        var e = Assert.ThrowsAny<ArgumentException>(() => model.Transform(other));
        Assert.Contains("but the model was trained on text", e.Message, StringComparison.Ordinal);

        var small = Trainer(nameof(Review.Text), "int64[N, 40]", tokens: 128);
        using var narrow = small.Fit(View());
        Assert.Contains(messages, m => m.Contains(
            "has rows for the tokens 0 to 127, but text has tokens up to 256", StringComparison.Ordinal));
        var emoji = ml.Data.LoadFromEnumerable([new Review(0) { Text = "good \U0001F600" }]);
        var refused = Assert.ThrowsAny<Exception>(() => Scores(narrow.Transform(emoji))).GetBaseException();
        Assert.Contains(
            "241 in column 'Text'",
            $"{refused.Message} {Assert.ThrowsAny<Exception>(() => Scores(narrow.Transform(emoji)))}",
            StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_of_another_number_are_refused_by_a_model_that_was_not_trained_to_fill_them_up()
    {
        var tokens = Enumerable.Range(0, 40).SelectMany(i => new long[] { 1, 2, 3, 4 + (i % 2) }).ToArray();
        var examples = new Examples(Shape.Parse("int64[N, 4]"), tokens, Enumerable.Range(0, 40).Select(i => i % 2L).ToArray());
        var recipe = new Recipe
        {
            Task = new MulticlassClassification(),
            Model = Network,
            Training = Options,
            FeatureColumn = nameof(Review.Text),
        };
        using var model = NeuralNetworkTransformer.Of(ml, recipe.Run(examples).Package);
        var e = Assert.ThrowsAny<Exception>(() => Scores(model.Transform(View()))).GetBaseException();
        Assert.Contains("but the model takes 4", e.Message, StringComparison.Ordinal);
    }

    private static TrainingOptions Options { get; } = new()
    {
        Epochs = 8,
        BatchSize = 20,
        Optimizer = new Adam { LearningRate = 0.05 },
        Threads = 1,
        Seed = 1,
        Device = "cpu",
    };

    private static CustomNetwork Network => new()
    {
        Layers = new Sequential(new Embedding(257, 8) { PaddingIndex = 0 }, new SeamSumOverTime(), new Linear(2)),
    };

    private NeuralNetworkTrainer Trainer(string column, string? shape, int memoryBudget = 1024, int tokens = 257) =>
        ml.MulticlassClassification.Trainers.NeuralNetwork(new NeuralNetworkOptions
        {
            Network = new CustomNetwork
            {
                Layers = new Sequential(
                    new Embedding(tokens, 8) { PaddingIndex = 0 }, new SeamSumOverTime(), new Linear(2)),
            },
            FeatureColumnName = column,
            LabelColumnName = nameof(Review.Kind),
            InputShape = shape is null ? null : Shape.Parse(shape),
            Training = Options with { MemoryBudgetMB = memoryBudget },
            Callbacks = [new Heard(messages)],
        });

    private IDataView View() => ml.Data.LoadFromEnumerable(Review.All);

    private static float[][] Scores(IDataView scored) => [.. scored.GetColumn<float[]>("Score")];

    private sealed class Heard(List<string> texts) : Callback
    {
        public override void Message(string text) => texts.Add(text);
    }
}
