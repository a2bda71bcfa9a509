using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetDl.Tasks;

/// <summary>All values of a graph's output, as a vector of Single. Its size is unknown where the output's is.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="ScoreKind">ML.NET's kind of score.</param>
/// <param name="ValueKind">ML.NET's kind of value, <c>Score</c> by default.</param>
public record VectorColumn(string Name, string ScoreKind, string ValueKind = "Score") : OutputColumn(Name, ScoreKind, ValueKind)
{
    /// <inheritdoc/>
    public override DataViewType TypeOf(int outputs, LabelInfo label) =>
        outputs > 0 ? new VectorDataViewType(NumberDataViewType.Single, outputs) : new VectorDataViewType(NumberDataViewType.Single);

    /// <inheritdoc/>
    public override Delegate Getter(GraphRow row, LabelInfo label)
    {
        var values = row.Values(Output);
        return (ValueGetter<VBuffer<float>>)((ref VBuffer<float> target) =>
        {
            var mine = values();
            var editor = VBufferEditor.Create(ref target, mine.Length);
            mine.CopyTo(editor.Values);
            target = editor.Commit();
        });
    }
}
