using MlNetDl.Analysis;
using MlNetDl.Layers.Contracts;
using MlNetDl.Naming;

namespace MlNetDl.Compression;

/// <summary>A value within a network.</summary>
/// <param name="Name">Its name in a hint.</param>
/// <param name="Slot">The slot of the plan in which it stands.</param>
/// <param name="Shape">Its shape.</param>
internal sealed record InnerValue(string Name, int Slot, Shape Shape);

/// <summary>Finds values within a network by the path of a layer, the name of a wire, or the path of a block.</summary>
internal static class InnerValues
{
    /// <summary>The value of that name.</summary>
    /// <param name="plan">The network.</param>
    /// <param name="name">The name.</param>
    /// <param name="where">The member that names it, for messages, such as <c>hints[0].teacher</c>.</param>
    /// <exception cref="ArgumentException">There is no such value, or a block has several.</exception>
    public static InnerValue Find(Plan plan, string name, string where)
    {
        var wires = Wires(plan);
        if (plan.Steps.FirstOrDefault(s => s.Path == name) is { } step)
        {
            return new(name, step.Output, step.OutputShape);
        }

        if (wires.TryGetValue(name, out int wire))
        {
            return new(name, wire, ShapeOf(plan, wire));
        }

        if (Leaving(plan, name, wires.Values.ToHashSet(), where) is not { } slot)
        {
            throw new ArgumentException($"{where} is '{name}', but the network has neither a layer nor a wire of that name; "
                + Nearest.Hint(name, plan.Steps.Select(s => s.Path).Concat(wires.Keys)));
        }

        return new(name, slot, ShapeOf(plan, slot));
    }

    // A plan that scores has no steps that only training needs, and so no such wires.
    private static Dictionary<string, int> Wires(Plan plan)
    {
        var made = plan.Steps.SelectMany(s => s.Outputs).Concat(Enumerable.Range(0, plan.Network.Inputs.Count)).ToHashSet();
        return new WireSlots(plan.Network.Plan()).Slots.Where(w => made.Contains(w.Value)).ToDictionary();
    }

    // The value that leaves a block is the one that later steps read. Wires that the block publishes leave it too.
    private static int? Leaving(Plan plan, string block, HashSet<int> wires, string where)
    {
        var inside = plan.Steps.Where(s => s.Path.StartsWith(block + '/', StringComparison.Ordinal)).ToHashSet();
        var made = inside.SelectMany(s => s.Outputs).ToHashSet();
        var read = plan.Steps.Where(s => !inside.Contains(s)).SelectMany(s => s.Inputs).Concat(plan.Outputs.Select(o => o.Slot));
        var leaving = read.Where(made.Contains).Distinct().ToList();
        if (leaving.Count > 1 && leaving.Where(s => !wires.Contains(s)).ToList() is [var running])
        {
            return running;
        }

        if (leaving.Count > 1)
        {
            throw new ArgumentException($"{where} is '{block}', but {leaving.Count} values leave that block; name the "
                + $"layer that is meant: {string.Join(", ", inside.Where(s => s.Outputs.Any(leaving.Contains)).Select(s => s.Path))}.");
        }

        return leaving.Count == 1 ? leaving[0] : null;
    }

    private static Shape ShapeOf(Plan plan, int slot) => slot < plan.Network.Inputs.Count
        ? plan.Network.Inputs[slot].Shape
        : plan.Steps.SelectMany(s => s.Outputs.Zip(s.OutputShapes)).First(o => o.First == slot).Second;

    /// <summary>The slots of all wires: a walk that meets the leaves in the order of the plan's steps.</summary>
    private sealed class WireSlots : Interpreter<int>
    {
        private readonly Plan plan;
        private int next;

        public WireSlots(Plan plan)
        {
            this.plan = plan;
            for (int i = 0; i < plan.Network.Inputs.Count; i++)
            {
                Publish(plan.Network.Inputs[i].Name, i);
            }

            int last = Run(plan.Network.Root, 0);
            Slots = Wires.Append(KeyValuePair.Create(Network.DefaultOutput, last)).DistinctBy(w => w.Key).ToDictionary();
        }

        public IReadOnlyDictionary<string, int> Slots { get; }

        protected override IReadOnlyList<int> Visit(Leaf leaf, IReadOnlyList<int> inputs, LeafPlace place) =>
            plan.Steps[next++].Outputs;
    }
}
