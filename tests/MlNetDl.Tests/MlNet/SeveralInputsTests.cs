using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Training.Optimizers;

namespace MlNetDl.Tests.MlNet;

/// <summary>A network that reads an image, a row of a table and a text, each from its own column.</summary>
[Collection("torch")]
public sealed class SeveralInputsTests
{
    private readonly MLContext ml = new(seed: 1);

    [Theory]
    [InlineData(1024)]
    [InlineData(0)]
    public void Image_table_and_text_are_learnt_together_saved_and_predicted(int budgetMB)
    {
        using var folder = new TemporaryFolder();
        var data = ml.Data.LoadFromEnumerable(Rows(90));
        var options = Options();
        options.Training = options.Training with { MemoryBudgetMB = budgetMB, ShuffleBuffer = 60, ValidationFraction = 0.1 };
        var trainer = ml.BinaryClassification.Trainers.NeuralNetwork(options);
        var model = trainer.Fit(data);
        LabelTypesTests.AssertForetold(trainer, data, model);

        // The label follows from all three: none alone tells it.
        Assert.Equal(1, ml.BinaryClassification.Evaluate(model.Transform(data)).Accuracy, 0.05);
        Assert.Equal(
            ["photo: Photo", "table: Table", "text: Text"], model.Graph.Inputs.Select(i => $"{i.Name}: {i.Column}"));
        ml.Model.SaveAtomically(model, data.Schema, folder["model.zip"]);
        var loaded = new MLContext().Model.Load(folder["model.zip"], out _);
        var scores = TrainerContractTests.Scores(model.Transform(data));
        Assert.Equal(scores, TrainerContractTests.Scores(loaded.Transform(data)));
        using var engine = ml.Model.CreatePredictionEngine<Row, Answer>(loaded);
        Assert.All(Rows(90).Zip(scores).Take(9), r => Assert.Equal(r.Second, engine.Predict(r.First).Score, 1e-3f));
    }

    [Fact]
    public void Each_input_is_standardised_by_its_own_numbers_and_a_training_goes_on()
    {
        var data = ml.Data.LoadFromEnumerable(Rows(60));
        var options = Options();
        var model = ml.BinaryClassification.Trainers.NeuralNetwork(options).Fit(data);
        var weights = model.Package.ReadWeights();
        var table = weights.Where(w => w.Name.EndsWith("preprocessing.mean", StringComparison.Ordinal)).Select(w => w.Data.Length);
        Assert.Equal([1, 2], table.Order());

        var again = Options();
        (again.Network, again.ContinueFrom) = (null, model);
        again.Training = again.Training with { Epochs = 1, Optimizer = new Sgd { LearningRate = 1e-9 } };
        Assert.Equal(
            TrainerContractTests.Scores(model.Transform(data)),
            TrainerContractTests.Scores(ml.BinaryClassification.Trainers.NeuralNetwork(again).Fit(data).Transform(data)),
            (a, b) => Math.Abs(a - b) < 1e-3);
    }

    [Fact]
    public void Rows_that_lack_one_of_them_are_left_out_and_counted()
    {
        var messages = new List<string>();
        ml.Log += (_, e) => messages.Add(e.Message);
        var rows = Rows(30);
        rows[3].Photo = null!;
        rows[4].Table = [float.NaN, 1];
        var model = ml.BinaryClassification.Trainers.NeuralNetwork(Options(epochs: 1)).Fit(ml.Data.LoadFromEnumerable(rows));
        Assert.Equal(28, model.Package.Manifest.Training!.Examples);
        Assert.Contains(messages, m => m.Contains("2 rows were left out", StringComparison.Ordinal));
        Assert.Contains(messages, m => m.Contains("rows were cut to the first 4 tokens", StringComparison.Ordinal));
    }

    [Fact]
    public void What_cannot_be_is_refused_before_the_first_step()
    {
        var data = ml.Data.LoadFromEnumerable(Rows(12));
        Refused<ArgumentException>("must stay unset", o => o.Image = new(1, 4, 4));
        Refused<ArgumentException>("names no column for the input 'table'", o => o.FeatureColumns["table"] = "");
        Refused<ArgumentOutOfRangeException>("'Absent' is not in the data", o => o.FeatureColumns["table"] = "Absent");
        Refused<ShapeException>("does not read 'more' by its name", o => o.FeatureColumns["more"] = "Table");
        Refused<ShapeException>("does not read 'photo' by its name", o => o.Network = new Mlp());
        Refused<NotSupportedException>("the stage MagnitudePruning is made for one",
            o => o.Training = o.Training with { Stages = [new MlNetDl.Training.Fit(), new MlNetDl.Compression.MagnitudePruning()] });
        Refused<ArgumentException>("training.augmentations",
            o => o.Training = o.Training with { Augmentations = [new MlNetDl.Training.Augmentation.HorizontalFlip()] });

        void Refused<T>(string word, Action<NeuralNetworkOptions> change)
            where T : Exception
        {
            var options = Options(epochs: 1);
            change(options);
            Assert.Contains(
                word, Assert.Throws<T>(() => ml.BinaryClassification.Trainers.NeuralNetwork(options).Fit(data)).Message, StringComparison.Ordinal);
        }
    }

    private static NeuralNetworkOptions Options(int epochs = 40) => new()
    {
        FeatureColumns =
        {
            ["photo"] = new("Photo") { Image = new(1, 4, 4) },
            ["table"] = "Table",
            ["text"] = new("Text") { Shape = Shape.Parse("int64[N, 4]") },
        },
        Network = new CustomNetwork
        {
            Layers = new Sequential(
                new Branches(
                    new Concat(),
                    new Sequential(new Read("photo"), new Flatten(), new Linear(4)),
                    new Read("table"),
                    new Sequential(new Read("text"), new Embedding(257, 4), new Flatten())),
                new Linear(16),
                new ReLU(),
                new Linear(1)),
        },
        Training = new()
        {
            Epochs = epochs,
            BatchSize = 15,
            Optimizer = new Adam { LearningRate = 0.02 },
        },
    };

    private static List<Row> Rows(int count) => [.. Enumerable.Range(0, count).Select(i =>
    {
        var random = new Random(i);
        var (light, high, yes) = (random.Next(2), random.Next(2), random.Next(2));
        return new Row
        {
            Photo = Grey((byte)((light * 200) + random.Next(30))),
            Table = [1000 + (high * 500) + random.Next(50), random.NextSingle()],
            Text = yes == 1 ? "yes, it is" : "no, never",
            Label = light + high + yes >= 2,
        };
    })];

    private static MLImage Grey(byte value)
    {
        var pixels = new byte[4 * 4 * 4];
        pixels.AsSpan().Fill(value);
        for (int i = 3; i < pixels.Length; i += 4)
        {
            pixels[i] = 255;
        }

        return MLImage.CreateFromPixels(4, 4, MLPixelFormat.Bgra32, pixels);
    }

    private sealed class Row
    {
        [ImageType(4, 4)]
        public MLImage Photo { get; set; } = null!;

        [VectorType(2)]
        public float[] Table { get; set; } = [];

        public string Text { get; set; } = "";

        public bool Label { get; set; }
    }

    private sealed class Answer
    {
        public float Score { get; set; }
    }
}
