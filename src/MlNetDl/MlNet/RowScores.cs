using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Networks;

namespace MlNetDl.MlNet;

/// <summary>The scores of some rows, and getters of the added columns over them.</summary>
/// <remarks>Buffers are made once; a row costs a copy of its scores and nothing else.</remarks>
internal sealed class RowScores
{
    private readonly NeuralNetworkTransformer transformer;
    private readonly int width;
    private readonly float[] features;
    private readonly float[] scores;
    private readonly float[] probabilities;

    public RowScores(NeuralNetworkTransformer transformer, int capacity)
    {
        this.transformer = transformer;
        width = transformer.Package.Manifest.Outputs;
        features = new float[checked(capacity * transformer.InputWidth)];
        scores = new float[checked(capacity * width)];
        probabilities = new float[transformer.Package.Manifest.Task == PredictionTask.Binary ? capacity * width : 0];
    }

    /// <summary>Where the features of some rows go.</summary>
    public Span<float> Features(int row, int count = 1) => features.AsSpan(row * transformer.InputWidth, count * transformer.InputWidth);

    /// <summary>The scores of the first rows.</summary>
    public ReadOnlySpan<float> Scores(int rows) => scores.AsSpan(0, rows * width);

    /// <summary>Scores the first <paramref name="rows"/> rows.</summary>
    public void Run(int rows)
    {
        if (probabilities.Length > 0)
        {
            transformer.Scorer.Run(features, rows, scores, probabilities);
        }
        else
        {
            transformer.Scorer.Run(features, rows, scores);
        }
    }

    /// <summary>A getter of the added column of that name.</summary>
    /// <param name="column">The column.</param>
    /// <param name="row">Makes sure that the row at hand is scored, and says which it is.</param>
    public Delegate Getter(DataViewSchema.Column column, Func<int> row) => column.Name switch
    {
        OutputColumns.Score when column.Type is VectorDataViewType => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> target) =>
        {
            int at = row();
            var editor = VBufferEditor.Create(ref target, width);
            scores.AsSpan(at * width, width).CopyTo(editor.Values);
            target = editor.Commit();
        }),
        OutputColumns.Score => (ValueGetter<float>)((ref float target) => target = scores[row()]),
        OutputColumns.Probability => (ValueGetter<float>)((ref float target) => target = probabilities[row()]),
        _ when column.Type is BooleanDataViewType => (ValueGetter<bool>)((ref bool target) => target = scores[row()] > 0),
        _ => (ValueGetter<uint>)((ref uint target) => target = Greatest(row())),
    };

    // Keys count from 1. NaN scores (NaN features) are no class: the key is missing.
    private uint Greatest(int row)
    {
        int best = System.Numerics.Tensors.TensorPrimitives.IndexOfMax(scores.AsSpan(row * width, width));
        return float.IsNaN(scores[(row * width) + best]) ? 0 : (uint)best + 1;
    }
}
