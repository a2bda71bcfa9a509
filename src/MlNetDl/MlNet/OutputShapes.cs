using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.MlNet.Internals;
using MlNetDl.Tasks;

namespace MlNetDl.MlNet;

/// <summary>The columns that an estimator foretells: those that its transformer will add, seen as
/// kinds and types.</summary>
internal static class OutputShapes
{
    // Kinds and item types are the same whatever the number of outputs.
    private const int AnyOutputs = 2;

    public static IEnumerable<SchemaShape.Column> Of(LearningTask task, LabelInfo foretold) => task.Columns.Select(column =>
    {
        int outputs = foretold.IsVector || task.Label.IsClassIndex ? AnyOutputs : task.Outputs(foretold);
        return Of(column, outputs, foretold);
    });

    /// <summary>Columns of a model that is trained without labels.</summary>
    public static IEnumerable<SchemaShape.Column> Of(IEnumerable<OutputColumn> columns) => columns.Select(c => Of(c, AnyOutputs, new()));

    private static SchemaShape.Column Of(OutputColumn column, int outputs, LabelInfo label) => Shape(
        column.Name,
        column.TypeOf(outputs, label),
        new(column.Annotations(label).Schema.Select(a => Shape(a.Name, a.Type, null))));

    private static SchemaShape.Column Shape(string name, DataViewType type, SchemaShape? annotations)
    {
        var item = type is VectorDataViewType vector ? vector.ItemType : type;
        var kind = type switch
        {
            VectorDataViewType { IsKnownSize: true } => SchemaShape.Column.VectorKind.Vector,
            VectorDataViewType => SchemaShape.Column.VectorKind.VariableVector,
            _ => SchemaShape.Column.VectorKind.Scalar,
        };
        return item is KeyDataViewType key
            ? HostAccess.Column(
                name,
                kind,
                key.RawType == typeof(uint) ? NumberDataViewType.UInt32 : NumberDataViewType.UInt64,
                true,
                annotations)
            : HostAccess.Column(name, kind, item, false, annotations);
    }
}
