using MlNetDl.Data;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Recipes;

/// <summary>Rows of another source, of the same shape and labels, but fewer, checked or changed.</summary>
/// <param name="rows">The source.</param>
internal abstract class RowsOf(RowSource rows) : RowSource
{
    /// <summary>The source.</summary>
    protected RowSource Rows => rows;

    public override Shape Shape => rows.Shape;

    public override long Count => rows.Count;

    public override IReadOnlyList<TargetPart> Targets => rows.Targets;

    public override bool Weighted => rows.Weighted;
}
