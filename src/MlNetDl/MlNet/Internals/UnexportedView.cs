using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;

namespace MlNetDl.MlNet.Internals;

/// <summary>A view of a transformer that ML.NET cannot write as ONNX. ML.NET's exporter walks back along views, and what stands before one that it does
/// not know it leaves out without a word: a chain would become a file without its network, and without the parts before it. Here it is refused.</summary>
/// <param name="source">The view before it.</param>
/// <param name="reason">Why it cannot be written, and what to do.</param>
internal abstract class UnexportedView(IDataView source, string reason) : ITransformCanSaveOnnx
{
    public abstract DataViewSchema Schema { get; }

    public bool CanShuffle => false;

    IDataView IDataTransform.Source => source;

    public virtual long? GetRowCount() => source.GetRowCount();

    public abstract DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null);

    public abstract DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null);

    bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => true;

    void ISaveAsOnnx.SaveAsOnnx(OnnxContext ctx) => throw new NotSupportedException(reason);

    void ICanSaveModel.Save(ModelSaveContext ctx) => throw new NotSupportedException(
        "Rows that were scored are no model; save the transformer, by ml.Model.SaveAtomically(model, schema, path).");
}
