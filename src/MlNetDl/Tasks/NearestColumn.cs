using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetDl.Tasks;

/// <summary>The number of the least score, counted from 1, as a key: the cluster of the nearest centre. Missing where a score is
/// NaN.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="ScoreKind">ML.NET's kind of score.</param>
public sealed record NearestColumn(string Name, string ScoreKind = "Clustering") : OutputColumn(Name, ScoreKind, "PredictedLabel")
{
    /// <inheritdoc/>
    public override DataViewType TypeOf(int outputs, LabelInfo label) => new KeyDataViewType(typeof(uint), outputs);

    /// <inheritdoc/>
    public override Delegate Getter(GraphRow row, LabelInfo label)
    {
        var values = row.Values(Output);
        return (ValueGetter<uint>)((ref uint target) =>
        {
            var scores = values();
            int best = TensorPrimitives.IndexOfMin(scores);
            target = float.IsNaN(scores[best]) ? 0 : (uint)best + 1;
        });
    }
}
