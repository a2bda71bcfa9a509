using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Metrics;
using MlNetDl.Tasks;
using MlNetDl.Training.Losses;
using static TorchSharp.torch;

namespace MlNetDl.Extensions.Tests.Seams;

/// <summary>Finds objects; a row of the graph is one of them: image, class, score, left, top, right, bottom.</summary>
internal sealed record SeamDetection : LearningTask
{
    /// <summary>The most objects of an image of training.</summary>
    public int MostObjects { get; init; } = 3;

    public override LabelForm Label => new SeamObjects(MostObjects);

    public override Loss DefaultLoss => new SeamSpotLoss();

    public override Layer ScoringLayer(TargetScale scale) => new Identity();

    public override ScoreForm Scores => ScoreForm.Values;

    public override IReadOnlyList<OutputColumn> Columns => [new SeamObjectClasses(), new SeamObjectBoxes(), new SeamObjectScores()];

    public override IReadOnlyList<Metric> TrainingMetrics => [];

    public override IReadOnlyList<Metric> EvaluationMetrics => [];

    public override ScoredValue Read(ReadOnlySpan<float> scores, LabelInfo label) => new(scores.Length / SeamObjectColumn<float>.Size, []);
}

/// <summary>A vector with some values of each object.</summary>
internal abstract record SeamObjectColumn<T>(string Name, PrimitiveDataViewType Item, int Each)
    : OutputColumn(Name, "ObjectDetection", Name)
{
    /// <summary>Values of an object: class, score, left, top, right, bottom.</summary>
    public const int Size = 6;

    public override DataViewType TypeOf(int outputs, LabelInfo label) =>
        new VectorDataViewType(typeof(T) == typeof(uint) ? new KeyDataViewType(typeof(uint), Math.Max(1, label.ClassNames.Count)) : Item);

    public override Delegate Getter(GraphRow row, LabelInfo label)
    {
        var (values, size) = (row.Values(Output), row.SourceSize());
        return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> target) =>
        {
            var objects = values();
            var (width, height) = size();
            var editor = VBufferEditor.Create(ref target, objects.Length / Size * Each);
            for (int i = 0; i < objects.Length / Size; i++)
            {
                Write(objects.Slice(i * Size, Size), width, height, editor.Values.Slice(i * Each, Each));
            }

            target = editor.Commit();
        });
    }

    protected abstract void Write(ReadOnlySpan<float> found, int width, int height, Span<T> target);
}

/// <summary>The classes, as keys.</summary>
internal sealed record SeamObjectClasses() : SeamObjectColumn<uint>(OutputColumns.PredictedLabel, NumberDataViewType.UInt32, 1)
{
    protected override void Write(ReadOnlySpan<float> found, int width, int height, Span<uint> target) => target[0] = (uint)found[0] + 1;

    protected override void Annotate(DataViewSchema.Annotations.Builder annotations, LabelInfo label) => AddKeyValues(annotations, label);
}

/// <summary>The scores.</summary>
internal sealed record SeamObjectScores() : SeamObjectColumn<float>(OutputColumns.Score, NumberDataViewType.Single, 1)
{
    protected override void Write(ReadOnlySpan<float> found, int width, int height, Span<float> target) => target[0] = found[1];
}

/// <summary>The boxes, in pixels of the image as it came; the graph gives them as shares of its sides.</summary>
internal sealed record SeamObjectBoxes() : SeamObjectColumn<float>("PredictedBoundingBoxes", NumberDataViewType.Single, 4)
{
    protected override void Write(ReadOnlySpan<float> found, int width, int height, Span<float> target)
    {
        for (int i = 0; i < 4; i++)
        {
            target[i] = found[2 + i] * (i % 2 == 0 ? width : height);
        }
    }
}

/// <summary>An object for each pixel of a channel that is brighter than <paramref name="Threshold"/>; the channel
/// is its class.</summary>
/// <remarks>[N, C, H, W], 0 to 255 → [D, 7].</remarks>
internal sealed record SeamBrightSpots(float Threshold) : UnaryLeaf
{
    /// <summary>The value whose score is 1.</summary>
    public float White { get; init; } = 255;

    public override Shape OutputShape(Shape input) => new(ElementType.Float32, ["D", 7]);

    public override Tensor Forward(Tensor input, LeafState state)
    {
        var bright = input.gt(Threshold);
        var place = bright.nonzero().to(ScalarType.Float32); // [D, 4]: image, channel, y, x
        var score = input.masked_select(bright).unsqueeze(1) / White;
        var from = place.index_select(1, tensor(new long[] { 3, 2 }));
        var size = tensor(new float[] { input.shape[3], input.shape[2] });
        return cat([place.narrow(1, 0, 2), score, from / size, (from + 1) / size], 1);
    }

    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights)
    {
        const int Float = 1; // ONNX's number of float32
        var shape = input.Shape!;
        var bright = graph.Add("Greater", [input, graph.Constant("threshold", new[] { Threshold }, scalar: true)]);
        var places = graph.Add("Transpose", [graph.Add("NonZero", [bright])], ("perm", new long[] { 1, 0 }));
        var values = graph.Add("Unsqueeze", [graph.Add("GatherND", [input, places]), graph.Constant("last", new long[] { 1 })]);
        var score = graph.Add("Div", [values, graph.Constant("white", new[] { White }, scalar: true)]);
        var place = graph.Add("Cast", [places], ("to", Float));
        var owner = graph.Add("Gather", [place, graph.Constant("owner", new long[] { 0, 1 })], ("axis", 1));
        var from = graph.Add("Gather", [place, graph.Constant("corner", new long[] { 3, 2 })], ("axis", 1));
        var size = graph.Constant("size", new float[] { shape.Size(3), shape.Size(2) });
        var to = graph.Add("Add", [from, graph.Constant("pixel", new[] { 1f }, scalar: true)]);
        return graph.Add("Concat", [owner, score, graph.Add("Div", [from, size]), graph.Add("Div", [to, size])], ("axis", 1));
    }
}
