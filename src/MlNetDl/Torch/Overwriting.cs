using MlNetDl.Analysis;

namespace MlNetDl.Torch;

/// <summary>Which leaves may write over their input.</summary>
internal static class Overwriting
{
    /// <summary>Whether nobody else reads the step's first input: it has one reader, is no output of the network and no
    /// input of it.</summary>
    /// <remarks>It was made by a leaf whose backward pass does not need it, and which made nothing else: what it
    /// publishes could be a part of the same memory.</remarks>
    public static bool IsSafe(Plan plan, PlanStep step)
    {
        int slot = step.Inputs[0];
        return plan.Steps.Sum(s => s.Inputs.Count(i => i == slot)) == 1 && plan.Outputs.All(o => o.Slot != slot)
            && plan.Steps.FirstOrDefault(s => s.Outputs.Contains(slot)) is { Leaf.BackwardNeedsOutput: false, Outputs.Count: 1 };
    }
}
