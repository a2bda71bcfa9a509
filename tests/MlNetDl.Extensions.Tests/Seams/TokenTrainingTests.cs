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

/// <summary>Training on columns of tokens (text, whole numbers, keys), and on batches of one's own whose lengths differ.</summary>
public sealed class TokenTrainingTests : IDisposable
{
    private static readonly string[] Good = ["good", "fine", "well done"], Bad = ["bad", "poor", "ill done"];
    private static readonly List<Review> Reviews = [.. Enumerable.Range(0, 240).Select(i => new Review(i))];

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
        Assert.True(model.TrainingReport!.Epochs[^1].Training["accuracy"] > 0.98, $"{model.TrainingReport.Epochs[^1].Training["accuracy"]}");
        Assert.DoesNotContain(messages, m => m.Contains("cut", StringComparison.Ordinal));
        ml.Model.SaveAtomically(model, view.Schema, folder["model.zip"]);
        var loaded = ml.Model.Load(folder["model.zip"], out _);
        Assert.Equal(Scores(model.Transform(view)), Scores(loaded.Transform(view)));
        var right = loaded.Transform(view).GetColumn<uint>("PredictedLabel").Zip(view.GetColumn<uint>(nameof(Review.Kind)), (p, k) => p == k);
        Assert.True(right.Average(r => r ? 1.0 : 0) > 0.98);

        // A chain asks its estimators for their columns before it fits them.
        var chain = ml.Transforms.Conversion.MapValueToKey("Letters", nameof(Review.Characters)).Append(trainer).Fit(View());
        Assert.Equal(Scores(model.Transform(view)), Scores(chain.Transform(View())));
    }

    [Fact]
    public void Longer_rows_are_cut_which_is_told_and_scored_alike()
    {
        using var model = Trainer(nameof(Review.Text), "int64[N, 6]").Fit(View());
        Assert.Contains(messages, m => m == "warning: 240 rows were cut to the first 6 tokens; give a longer InputShape to read all of them.");
        var longer = new Review(0);
        var cut = new Review(0) { Text = longer.Text[..6] };
        Assert.Equal(Scores(model.Transform(ml.Data.LoadFromEnumerable([cut]))), Scores(model.Transform(ml.Data.LoadFromEnumerable([longer]))));
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
        var rows = Reviews.Take(20).Select(r => new Review(0) { Kind = r.Kind, Four = [1, -2, 3, 4] }).ToList();
        var e = Assert.Throws<InvalidOperationException>(() => Trainer(nameof(Review.Four), "int64[N, 4]").Fit(ml.Data.LoadFromEnumerable(rows)));
        Assert.Contains("'Four' holds -2 in row 1", e.Message, StringComparison.Ordinal);
        rows = [.. Reviews.Take(20).Select(r => new Review(0) { Kind = r.Kind, Four = [1, 2, 3, 999] })];
        const string beyond = "Embedding has rows for the tokens 0 to 256, but got 999";
        var refused = Assert.Throws<ArgumentException>(() => Trainer(nameof(Review.Four), "int64[N, 4]").Fit(ml.Data.LoadFromEnumerable(rows)));
        Assert.Contains(beyond, refused.Message, StringComparison.Ordinal);
        using var table = new Torch.TorchNetwork(new Analysis.Network(new Embedding(257, 2), Shape.Tokens()));
        Assert.Contains(beyond, Assert.Throws<InvalidOperationException>(() => table.Forward(tensor(new long[] { 1, 999 }).unsqueeze(0))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Batches_of_ones_own_leave_a_model_for_rows_of_any_length()
    {
        var recipe = new Recipe
        {
            Task = new MulticlassClassification(),
            Model = Network,
            Training = Options,
            FeatureColumn = nameof(Review.Text),
        };
        var data = new OwnBatches
        {
            Shape = Shape.Tokens(),
            Training = new Lengths([.. Reviews.Take(200)]),
            Validation = new Lengths([.. Reviews.Skip(200)]),
            Label = new() { ClassNames = ["bad", "good"] },
            Identity = "reviews",
        };
        var result = recipe.Run(data);
        Assert.True(result.Reports[0].Epochs[^1].Validation["accuracy"] > 0.95);
        Assert.Equal("int64[N, T]", $"{result.Package.Manifest.Input}");
        using var model = NeuralNetworkTransformer.Of(ml, result.Package);
        var right = model.Transform(View()).GetColumn<uint>("PredictedLabel").Zip(Reviews, (p, r) => p == (r.Kind == 0 ? 1u : 2u));
        Assert.True(right.Average(r => r ? 1.0 : 0) > 0.95);

        // A checkpoint of other data is refused, and that of the same is continued.
        var kept = recipe with { CheckpointPath = folder["checkpoint"] };
        Assert.Equal(result.Package.ToBytes(), kept.Run(data).Package.ToBytes());
        Assert.Equal(result.Package.ToBytes(), kept.Run(data).Package.ToBytes());
        Assert.Throws<InvalidDataException>(() => kept.Run(data with { Identity = "others" }));
    }

    [Fact]
    public void What_would_do_nothing_for_batches_of_ones_own_is_refused()
    {
        var recipe = new Recipe { Task = new MulticlassClassification(), Model = Network, Training = Options };
        var data = new OwnBatches { Shape = Shape.Tokens(), Training = new Lengths(Reviews), Label = new() { ClassNames = ["bad", "good"] }, Identity = "reviews" };
        Assert.Contains("Standardize", Assert.Throws<ArgumentException>(() => (recipe with { Standardize = true }).Run(data)).Message, StringComparison.Ordinal);
        var holdsOut = recipe with { Training = Options with { ValidationFraction = 0.1 } };
        Assert.Contains("training.validationFraction", Assert.Throws<ArgumentException>(() => holdsOut.Run(data)).Message, StringComparison.Ordinal);
        var balanced = recipe with { Training = Options with { ClassWeights = ClassWeights.Balanced } };
        Assert.Contains("nobody has counted", Assert.Throws<ArgumentException>(() => balanced.Run(data)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => recipe.Run(data with { Training = new Lengths([]) }));
    }

    [Fact]
    public void Batches_of_ones_own_that_contradict_themselves_are_refused()
    {
        var recipe = new Recipe { Task = new MulticlassClassification(), Model = Network, Training = Options with { Epochs = 1 } };
        var data = new OwnBatches { Shape = Shape.Tokens(), Training = new Lengths(Reviews), Label = new() { ClassNames = ["bad", "good"] }, Identity = "reviews" };
        Assert.Contains("Identity is empty", Assert.Throws<ArgumentException>(() => recipe.Run(data with { Identity = " " })).Message, StringComparison.Ordinal);
        Assert.Contains("names of two classes", Assert.Throws<ArgumentException>(() => recipe.Run(data with { Label = new() })).Message, StringComparison.Ordinal);
        var scaled = data with { Scale = new([1], [2]) };
        Assert.Contains("has none that are", Assert.Throws<ArgumentException>(() => recipe.Run(scaled)).Message, StringComparison.Ordinal);
        var regression = recipe with { Task = new Regression(), Model = new Mlp() };
        var line = new OwnBatches { Shape = Shape.Vector(1), Training = new Line(new([100], [10])), Identity = "line", Scale = new([1, 2], [0, 1]) };
        Assert.Contains("deviations above 0", Assert.Throws<ArgumentException>(() => regression.Run(line)).Message, StringComparison.Ordinal);
        var e = Assert.Throws<ArgumentException>(() => recipe.Run(data with { Validation = new Line(TargetScale.None) }));
        Assert.Contains("first batch for validation has the inputs Float32[40, 1]", e.Message, StringComparison.Ordinal);
        foreach (int error in new[] { -1, 1 })
        {
            var wrong = Assert.Throws<InvalidOperationException>(() => recipe.Run(data with { Training = new Lengths(Reviews, error) }));
            Assert.Contains($"an epoch has {12 + error}", wrong.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Tokens_of_another_number_are_refused_by_a_model_that_was_not_trained_to_fill_them_up()
    {
        var tokens = Enumerable.Range(0, 40).SelectMany(i => new long[] { 1, 2, 3, 4 + (i % 2) }).ToArray();
        var examples = new Examples(Shape.Parse("int64[N, 4]"), tokens, Enumerable.Range(0, 40).Select(i => i % 2L).ToArray());
        var recipe = new Recipe { Task = new MulticlassClassification(), Model = Network, Training = Options, FeatureColumn = nameof(Review.Text) };
        using var model = NeuralNetworkTransformer.Of(ml, recipe.Run(examples).Package);
        var e = Assert.ThrowsAny<Exception>(() => Scores(model.Transform(View()))).GetBaseException();
        Assert.Contains("but the model takes 4", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Batches_of_ones_own_say_how_their_targets_are_standardised()
    {
        var scale = new TargetScale([100], [10]);
        var recipe = new Recipe { Task = new Regression(), Model = new Mlp { Hidden = [] }, Training = Options with { Epochs = 60 } };
        var data = new OwnBatches { Shape = Shape.Vector(1), Training = new Line(scale), Identity = "line", Scale = scale };
        var result = recipe.Run(data);
        using var model = NeuralNetworkTransformer.Of(ml, result.Package);
        var scores = model.Score(new Examples(Shape.Vector(1), new float[] { -1, 0, 1 }));
        Assert.All(scores.Zip([95f, 100, 105]), p => Assert.Equal(p.Second, p.First, 0.5));
        var other = recipe with { Model = null, ContinueFrom = result.Package };
        Assert.Contains("their own unit", Assert.Throws<ArgumentException>(() => other.Run(data with { Scale = TargetScale.None })).Message, StringComparison.Ordinal);
        Assert.True(other.Run(data).Reports[0].Epochs[^1].Training["r2"] > 0.99);
    }

    private static TrainingOptions Options { get; } = new() { Epochs = 8, BatchSize = 20, Optimizer = new Adam { LearningRate = 0.05 }, Threads = 1, Seed = 1, Device = "cpu" };

    private static CustomNetwork Network => new()
    {
        Layers = new Sequential(new Embedding(257, 8) { PaddingIndex = 0 }, new SeamSumOverTime(), new Linear(2)),
    };

    private NeuralNetworkTrainer Trainer(string column, string? shape, int memoryBudget = 1024) => ml.MulticlassClassification.Trainers.NeuralNetwork(new NeuralNetworkOptions
    {
        Network = Network,
        FeatureColumnName = column,
        LabelColumnName = nameof(Review.Kind),
        InputShape = shape is null ? null : Shape.Parse(shape),
        Training = Options with { MemoryBudgetMB = memoryBudget },
        Callbacks = [new Heard(messages)],
    });

    private IDataView View() => ml.Data.LoadFromEnumerable(Reviews);

    private static float[][] Scores(IDataView scored) => [.. scored.GetColumn<float[]>("Score")];

    private sealed class Heard(List<string> texts) : Callback
    {
        public override void Message(string text) => texts.Add(text);
    }

    /// <summary>A few words, of a length of their own, that say good or bad.</summary>
    private sealed class Review
    {
        public Review(int number)
        {
            Kind = (uint)(number % 2);
            var words = Kind == 1 ? Good : Bad;
            Text = $"it is {words[number % 3]}{new string('.', number % 7)}";
            Number = number;
            Four = [1, 2, 3, (int)Kind + 4];
        }

        public Review() : this(0)
        {
        }

        public string Text { get; set; }

        public float Number { get; set; }

        [VectorType(4)]
        public int[] Four { get; set; }

        [KeyType(2)]
        public uint Kind { get; set; }

        public long[] Bytes => Array.ConvertAll(System.Text.Encoding.UTF8.GetBytes(Text), b => b + 1L);

        public string[] Characters => [.. Text.Select(c => $"{c}")];
    }

    /// <summary>Batches of texts, each batch as long as its longest.</summary>
    private sealed class Lengths(List<Review> reviews, int error = 0) : IBatches
    {
        private const int Size = 20;

        public long ExampleCount => reviews.Count;

        public int BatchCount => ((reviews.Count + Size - 1) / Size) + error;

        public IEnumerable<Batch> Epoch(int epoch, int skip = 0)
        {
            foreach (var rows in reviews.OrderBy(r => r.Text.Length).Chunk(Size).Skip(skip))
            {
                int longest = rows.Max(r => r.Bytes.Length);
                var tokens = rows.SelectMany(r => r.Bytes.Concat(Enumerable.Repeat(0L, longest - r.Bytes.Length))).ToArray();
                yield return new Batch([tensor(tokens).reshape(rows.Length, longest)], tensor(rows.Select(r => (long)r.Kind).ToArray()));
            }
        }
    }

    /// <summary>y = 100 + 5 x, standardised.</summary>
    private sealed class Line(TargetScale scale) : IBatches
    {
        public long ExampleCount => 40;

        public int BatchCount => 1;

        public IEnumerable<Batch> Epoch(int epoch, int skip = 0)
        {
            var x = Enumerable.Range(0, 40).Select(i => (i - 20) / 10f).ToArray();
            return skip > 0 ? [] : [new Batch([tensor(x).unsqueeze(1)], tensor(scale.Standardize(x.Select(v => 100 + (5 * v)).ToArray())).unsqueeze(1))];
        }
    }
}
