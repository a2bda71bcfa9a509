using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;

namespace MlNetDl.MlNet;

/// <content>What ML.NET's exporter of ONNX meets. It walks back along such views, and what stands before one that it does not know it leaves out without a word:
/// a chain would become a file without its network, and without the parts before it.</content>
internal sealed partial class ScoredDataView : ITransformCanSaveOnnx
{
    IDataView IDataTransform.Source => input;

    bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => true;

    void ISaveAsOnnx.SaveAsOnnx(OnnxContext ctx) => throw new NotSupportedException(
        "ConvertToOnnx cannot write a chain with a neural network: it writes operator set 12, and the network needs 17. Export the network by itself, "
        + "model.ExportOnnx(\"network.onnx\") of the NeuralNetworkTransformer, whose input is the column of features, and convert what stands before it alone: "
        + "ml.Model.ConvertToOnnx(before, data, stream).");

    void ICanSaveModel.Save(ModelSaveContext ctx) => throw new NotSupportedException(
        "Rows that were scored are no model; save the transformer, by ml.Model.SaveAtomically(model, schema, path).");
}
