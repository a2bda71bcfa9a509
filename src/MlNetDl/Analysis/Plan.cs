using System.Runtime.CompilerServices;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Analysis;

/// <summary>One leaf of a network at its turn: reads slots, writes one or several.</summary>
/// <param name="Leaf">The leaf.</param>
/// <param name="Path">Where it stands in the tree.</param>
/// <param name="WeightsName">What its weights are named after.</param>
/// <param name="Inputs">The slots it reads: the running value, then its wires.</param>
/// <param name="InputShapes">The shapes in those slots.</param>
/// <param name="Outputs">The slots it writes: the running value's, then those of the wires it publishes.</param>
/// <param name="OutputShapes">The shapes it writes.</param>
/// <param name="Parameters">The weights it owns or shares.</param>
public sealed record PlanStep(
    Leaf Leaf,
    string Path,
    string WeightsName,
    ValueList<int> Inputs,
    ValueList<Shape> InputShapes,
    ValueList<int> Outputs,
    ValueList<Shape> OutputShapes,
    ValueList<Parameter> Parameters)
{
    /// <summary>The slot of the running value.</summary>
    public int Output => Outputs[0];

    /// <summary>The shape of the running value.</summary>
    public Shape OutputShape => OutputShapes[0];

    /// <summary>Multiply–adds for one example.</summary>
    /// <exception cref="ComponentException">The leaf's code failed.</exception>
    internal long Macs => LeafCode.Of(Leaf, nameof(Layers.Contracts.Leaf.Macs), Path, () => Leaf.Macs(InputShapes));
}

/// <summary>A named output of a plan.</summary>
/// <param name="Name">The output's name: <see cref="Network.DefaultOutput"/>, or that of a tap.</param>
/// <param name="Slot">Where its value stands.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Role">What it is for.</param>
/// <param name="LossWeight">Weight of an auxiliary head's loss; 1 for the others.</param>
public sealed record PlanOutput(string Name, int Slot, Shape Shape, TapRole Role, double LossWeight);

/// <summary>A network as a list of steps over numbered slots, with shapes checked. It is the form that runs, is
/// counted, and is written to ONNX.</summary>
/// <remarks>The tree is interpreted once; a training step then costs no walk and no dictionary of paths.</remarks>
public sealed class Plan
{
    private static readonly ConditionalWeakTable<Network, Plan> Known = [];
    private Plan? forScoring;

    private Plan(Network network, IReadOnlyList<PlanStep> steps, IReadOnlyList<PlanOutput> outputs, int slots) =>
        (Network, Steps, Outputs, Slots) = (network, steps, outputs, slots);

    /// <summary>The network this is the plan of.</summary>
    public Network Network { get; }

    /// <summary>The steps in order of execution. Input <c>i</c> of the network stands in slot <c>i</c>.</summary>
    public IReadOnlyList<PlanStep> Steps { get; }

    /// <summary>The last value first, then tapped outputs, auxiliary heads and what only training needs.</summary>
    public IReadOnlyList<PlanOutput> Outputs { get; }

    /// <summary>How many slots there are.</summary>
    public int Slots { get; }

    /// <summary>The weights by full name (<c>path.parameter</c>), each once however often it is shared.</summary>
    public IEnumerable<(string Name, Parameter Parameter)> Parameters =>
        Steps.SelectMany(s => s.Parameters.Select(p => (Name: $"{s.WeightsName}.{p.Name}", Parameter: p))).DistinctBy(p => p.Name);

    /// <summary>The number of trainable weights.</summary>
    public long ParameterCount => Parameters.Where(p => p.Parameter.Trainable).Sum(p => p.Parameter.Count);

    /// <summary>Multiply–adds of convolutions and matrix products for one example.</summary>
    public long Macs => Steps.Sum(s => s.Macs);

    /// <summary>The plan that is scored: without auxiliary heads, outputs that only training needs, and steps that no
    /// other output needs.</summary>
    public Plan ForScoring() => forScoring ??= Scored();

    /// <summary>The plan of a network, made once however often it is asked for: a tree never changes.</summary>
    internal static Plan Of(Network network) => Known.GetValue(network, Make);

    private static Plan Make(Network network)
    {
        if (network.Inputs.Count == 0)
        {
            throw new ShapeException("a network needs at least one input.").At("");
        }

        LayerDepth.Check(network.Root);
        RecordCheck.Require(network.Root, "network.root");
        var planner = new Planner(network.Inputs);
        var last = planner.Run(network.Root, new(0, network.Inputs[0].Shape));
        return new(
            network,
            planner.Steps,
            [new(Network.DefaultOutput, last.Index, last.Shape, TapRole.Output, 1), .. planner.Outputs],
            planner.Slots);
    }

    private Plan Scored()
    {
        var outputs = Outputs.Where(o => o.Role is not (TapRole.Auxiliary or TapRole.Training)).ToList();
        var live = outputs.Select(o => o.Slot).ToHashSet();
        foreach (var step in Steps.Reverse())
        {
            if (step.Outputs.Any(live.Contains))
            {
                live.UnionWith(step.Inputs);
            }
        }

        return new(Network, [.. Steps.Where(s => s.Outputs.Any(live.Contains))], outputs, Slots);
    }
}
