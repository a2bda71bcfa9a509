using MlNetDl.Layers.Contracts;

namespace MlNetDl.Data;

/// <summary>A further target of a set in memory.</summary>
/// <param name="Name">Its name in <see cref="Batch.Targets"/>.</param>
/// <param name="Shape">Its shape in a batch, all sizes but the batch known, such as int64 [N] or [N, 4].</param>
/// <param name="Values"><c>long[]</c> for int64 and <c>float[]</c> for float32, row-major, one example
/// after the other.</param>
public sealed record NamedTarget(string Name, Shape Shape, Array Values)
{
    internal TargetPart Part => new(Name, Shape);
}
