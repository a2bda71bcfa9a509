using MlNetDl.Layers.Contracts;

namespace MlNetDl.Analysis;

/// <summary>Weights that follow from the layers themselves.</summary>
internal static class WeightsCompletion
{
    /// <summary>These weights and, where <paramref name="plan"/> asks for more, those with fixed values (the numbers of
    /// a <c>Normalize</c>, say).</summary>
    public static Weights WithFixed(this Weights weights, Plan plan) => new(weights.Concat(plan.Parameters
        .Where(p => !weights.Contains(p.Name) && p.Parameter.Init is FixedInit)
        .Select(p => new WeightArray(p.Name, p.Parameter.Dims, ((FixedInit)p.Parameter.Init).Values.ToArray()))));
}
