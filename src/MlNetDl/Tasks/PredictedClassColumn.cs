using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetDl.Tasks;

/// <summary>The class of the greatest score, as a key whose values are the classes.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="ScoreKind">ML.NET's kind of score.</param>
public sealed record PredictedClassColumn(string Name, string ScoreKind = "MulticlassClassification")
    : OutputColumn(Name, ScoreKind, "PredictedLabel")
{
    /// <inheritdoc/>
    public override DataViewType TypeOf(int outputs, LabelInfo label) => new KeyDataViewType(typeof(uint), outputs);

    // Keys count from 1. NaN scores (NaN features) are no class: the key is missing.
    /// <inheritdoc/>
    public override Delegate Getter(GraphRow row, LabelInfo label)
    {
        var values = row.Values(Output);
        return (ValueGetter<uint>)((ref uint target) =>
        {
            var scores = values();
            int best = TensorPrimitives.IndexOfMax(scores);
            target = float.IsNaN(scores[best]) ? 0 : (uint)best + 1;
        });
    }

    /// <inheritdoc/>
    protected override void Annotate(DataViewSchema.Annotations.Builder annotations, LabelInfo label) => AddKeyValues(annotations, label);
}
