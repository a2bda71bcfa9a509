using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetDl.Tasks;

/// <summary>Which labels a row has: a Boolean for each value of a graph's output, a logit, annotated with the labels.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="ScoreKind">ML.NET's kind of score.</param>
public sealed record PredictedLabelsColumn(string Name, string ScoreKind) : OutputColumn(Name, ScoreKind, "PredictedLabel")
{
    /// <summary>The logit above which a row has the label; 0 by default.</summary>
    public float Above { get; init; }

    /// <inheritdoc/>
    public override DataViewType TypeOf(int outputs, LabelInfo label) => new VectorDataViewType(BooleanDataViewType.Instance, Math.Max(1, outputs));

    /// <inheritdoc/>
    public override Delegate Getter(GraphRow row, LabelInfo label)
    {
        var values = row.Values(Output);
        return (ValueGetter<VBuffer<bool>>)((ref VBuffer<bool> target) =>
        {
            var mine = values();
            var editor = VBufferEditor.Create(ref target, mine.Length);
            for (int i = 0; i < mine.Length; i++)
            {
                editor.Values[i] = mine[i] > Above;
            }

            target = editor.Commit();
        });
    }

    /// <inheritdoc/>
    protected override void Annotate(DataViewSchema.Annotations.Builder annotations, LabelInfo label) => AddSlotNames(annotations, label);
}
