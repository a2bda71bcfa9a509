using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Analysis;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Metrics;
using MlNetDl.MlNet;
using MlNetDl.Models;
using MlNetDl.Onnx;
using MlNetDl.Tasks;
using MlNetDl.Training.Losses;
using static TorchSharp.torch;

namespace MlNetDl.Extensions.Tests.Seams;

/// <summary>Outputs whose rows begin with the number of the input's row that they belong to.</summary>
public sealed class OwnRowsTests
{
    private static readonly FeatureRow[] Rows = [new() { Features = [1, 1] }, new() { Features = [2, 2] }, new() { Features = [5, 5] }];

    [Fact]
    public void They_are_found_by_their_row_in_any_order()
    {
        var found = Predict([1, 10, 11, 0, 20, 21, 1, 30, 31], task: null);
        Assert.Equal([[20, 21], [10, 11, 30, 31], []], found.Select(f => f.Values));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    [InlineData(0.5f)]
    [InlineData(float.NaN)]
    public void A_number_of_no_row_is_an_error(float row)
    {
        var error = Assert.Throws<InvalidOperationException>(() => Predict([0, 1, 1, row, 1, 1], task: null));
        Assert.Contains("the batch has 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_reads_several_outputs()
    {
        var found = Predict([2, 1, 1, 0, 1, 2], new Summing());
        Assert.Equal([5, 4, 12], found.Select(f => f.Sum)); // 1 + 2 and 1 + 1, 2 + 2, 1 + 1 and 5 + 5
    }

    [Fact]
    public void A_column_that_reads_what_it_did_not_name_is_an_error()
    {
        var error = Assert.ThrowsAny<Exception>(() => Predict([0, 1, 1], new Summing { Named = ["output"] })).GetBaseException();
        Assert.Contains("OutputColumn.Reads", Assert.IsType<ArgumentException>(error).Message, StringComparison.Ordinal);
    }

    private static List<Found> Predict(float[] values, LearningTask? task)
    {
        var network = new Network(
            new Sequential(
                new Tap("features"), new Tap("copy", new Identity()) { Role = TapRole.Output }, new Given([.. values])),
            Shape.Vector(2));
        var package = new ModelPackage
        {
            Manifest = new()
            {
                Task = task,
                Graphs =
                [
                    new(
                        "model", [new("input", Shape.Vector(2)) { Column = "Features" }],
                        [new("output", Shape.Parse("[D, 3]")) { Column = "Found" }, new("copy", Shape.Vector(2))]),
                ],
            },
            Graphs = new Dictionary<string, byte[]> { ["model"] = OnnxWriter.Write(network, new Weights([])) },
        };
        var ml = new MLContext(1);
        using var model = NeuralNetworkTransformer.Of(ml, package);
        return [.. ml.Data.CreateEnumerable<Found>(
            model.Transform(ml.Data.LoadFromEnumerable(Rows)), reuseRowObject: false, ignoreMissingColumns: true)];
    }

    /// <summary>Given rows [D, 3], whatever the input.</summary>
    private sealed record Given(ValueList<float> Values) : UnaryLeaf
    {
        public override Shape OutputShape(Shape input) => new(ElementType.Float32, ["D", 3]);

        public override Tensor Forward(Tensor input, LeafState state) => tensor(Values.ToArray()).reshape(-1, 3);

        public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
            graph.Add("Identity", [graph.Constant("rows", [Values.Count / 3, 3], Values.ToArray())]);
    }

    private sealed record Summing : LearningTask
    {
        public IReadOnlyList<string> Named { get; init; } = ["output", "copy"];

        public override LabelForm Label { get; } = new ValueLabel();

        public override Loss DefaultLoss => new MeanSquaredError();

        public override Layer ScoringLayer(TargetScale scale) => new Identity();

        public override ScoreForm Scores => ScoreForm.Values;

        public override IReadOnlyList<OutputColumn> Columns => [new SumColumn(Named)];

        public override IReadOnlyList<Metric> TrainingMetrics => [];

        public override IReadOnlyList<Metric> EvaluationMetrics => [];

        public override ScoredValue Read(ReadOnlySpan<float> scores, LabelInfo label) => new(scores.Length, []);
    }

    /// <summary>The sum of a row's own rows and of its copy.</summary>
    private sealed record SumColumn(IReadOnlyList<string> Named) : OutputColumn("Sum", "", "")
    {
        public override IReadOnlyList<string> Reads => Named;

        public override DataViewType TypeOf(int outputs, LabelInfo label) => NumberDataViewType.Single;

        public override Delegate Getter(GraphRow row, LabelInfo label)
        {
            var (own, copy) = (row.Values(), row.Values("copy"));
            Assert.Equal((0, 2), (row.Width(), row.Width("copy")));
            return (ValueGetter<float>)((ref float target) => target = Sum(own()) + Sum(copy()));
        }

        private static float Sum(ReadOnlySpan<float> values)
        {
            float sum = 0;
            foreach (float value in values)
            {
                sum += value;
            }

            return sum;
        }
    }

    private sealed class FeatureRow
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Found
    {
        [ColumnName("Found")]
        public float[] Values { get; set; } = [];

        public float Sum { get; set; }
    }
}
