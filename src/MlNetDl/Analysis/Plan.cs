using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Analysis;

/// <summary>One leaf of a network at its turn: reads slots, writes one.</summary>
/// <param name="Leaf">The leaf.</param>
/// <param name="Path">Where it stands in the tree.</param>
/// <param name="WeightsName">What its weights are named after.</param>
/// <param name="Inputs">The slots it reads: the running value, then its wires.</param>
/// <param name="InputShapes">The shapes in those slots.</param>
/// <param name="Output">The slot it writes.</param>
/// <param name="OutputShape">The shape it writes.</param>
/// <param name="Parameters">The weights it owns or shares.</param>
public sealed record PlanStep(
    Leaf Leaf, string Path, string WeightsName, ValueList<int> Inputs, ValueList<Shape> InputShapes, int Output, Shape OutputShape, ValueList<Parameter> Parameters);

/// <summary>A named output of a plan.</summary>
/// <param name="Name">The output's name: <see cref="Network.DefaultOutput"/>, or that of a tap.</param>
/// <param name="Slot">Where its value stands.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Role">What it is for.</param>
/// <param name="LossWeight">Weight of an auxiliary head's loss; 1 for the others.</param>
public sealed record PlanOutput(string Name, int Slot, Shape Shape, TapRole Role, double LossWeight);

/// <summary>A network laid out as a list of steps over numbered slots, shapes checked: what runs, is counted, and is written to ONNX.</summary>
/// <remarks>The tree is interpreted once; a training step then costs no walk and no dictionary of paths.</remarks>
public sealed class Plan
{
    private Plan(Network network, IReadOnlyList<PlanStep> steps, IReadOnlyList<PlanOutput> outputs, int slots) =>
        (Network, Steps, Outputs, Slots) = (network, steps, outputs, slots);

    /// <summary>The network this is the plan of.</summary>
    public Network Network { get; }

    /// <summary>The steps in order of execution. Input <c>i</c> of the network stands in slot <c>i</c>.</summary>
    public IReadOnlyList<PlanStep> Steps { get; }

    /// <summary>The last value first, then tapped outputs and auxiliary heads.</summary>
    public IReadOnlyList<PlanOutput> Outputs { get; }

    /// <summary>How many slots there are.</summary>
    public int Slots { get; }

    /// <summary>The weights by full name (<c>path.parameter</c>), each once however often it is shared.</summary>
    public IEnumerable<(string Name, Parameter Parameter)> Parameters =>
        Steps.SelectMany(s => s.Parameters.Select(p => (Name: $"{s.WeightsName}.{p.Name}", Parameter: p))).DistinctBy(p => p.Name);

    /// <summary>The number of trainable weights.</summary>
    public long ParameterCount => Parameters.Where(p => p.Parameter.Trainable).Sum(p => p.Parameter.Count);

    /// <summary>Multiply–adds of convolutions and matrix products for one example.</summary>
    public long Macs => Steps.Sum(s => s.Leaf.Macs(s.InputShapes));

    /// <summary>The plan without auxiliary heads and all that only they or nobody needs: what is scored.</summary>
    public Plan ForScoring()
    {
        var outputs = Outputs.Where(o => o.Role != TapRole.Auxiliary).ToList();
        var live = outputs.Select(o => o.Slot).ToHashSet();
        foreach (var step in Steps.Reverse())
        {
            if (live.Contains(step.Output))
            {
                live.UnionWith(step.Inputs);
            }
        }

        return new(Network, [.. Steps.Where(s => live.Contains(s.Output))], outputs, Slots);
    }

    internal static Plan Of(Network network)
    {
        if (network.Inputs.Count == 0)
        {
            throw new ShapeException("a network needs at least one input.").At("");
        }

        var planner = new Planner();
        for (int i = 0; i < network.Inputs.Count; i++)
        {
            planner.Publish(network.Inputs[i].Name, new(i, network.Inputs[i].Shape));
        }

        planner.NextSlot = network.Inputs.Count;
        var last = planner.Run(network.Root, new(0, network.Inputs[0].Shape));
        return new(network, planner.Steps, [new(Network.DefaultOutput, last.Index, last.Shape, TapRole.Output, 1), .. planner.Outputs], planner.NextSlot);
    }

    private readonly record struct Slot(int Index, Shape Shape);

    private sealed class Planner : Interpreter<Slot>
    {
        private readonly Dictionary<string, ValueList<Parameter>> weights = [];
        private readonly Dictionary<string, bool> shared = [];
        private readonly HashSet<string> paths = [];

        public List<PlanStep> Steps { get; } = [];

        public List<PlanOutput> Outputs { get; } = [];

        public int NextSlot { get; set; }

        protected override Slot Visit(Leaf leaf, IReadOnlyList<Slot> inputs, LeafPlace place)
        {
            // A layer named "" adds nothing to the path, so two layers can meet at one: they would share weights that nobody meant to share.
            if (!paths.Add(place.Path) || (shared.TryGetValue(place.WeightsName, out bool other) && !(other && place.IsShared)))
            {
                throw new ShapeException($"another layer has the weights '{place.WeightsName}' too; name the layers differently, or wrap both in Shared if they are to share weights.");
            }

            shared[place.WeightsName] = place.IsShared;
            var shapes = inputs.Select(i => i.Shape).ToValueList();
            var shape = leaf.OutputShape(shapes);
            var parameters = leaf.Parameters(shapes).ToValueList();
            if (parameters.Count > 0 && !weights.TryAdd(place.WeightsName, parameters) && !weights[place.WeightsName].Equals(parameters))
            {
                throw new ShapeException($"weights '{place.WeightsName}' are shared by layers that ask for different ones: {weights[place.WeightsName]} and {parameters}.");
            }

            Steps.Add(new(leaf, place.Path, place.WeightsName, inputs.Select(i => i.Index).ToValueList(), shapes, NextSlot, shape, parameters));
            return new(NextSlot++, shape);
        }

        protected override void Tapped(Tap tap, Slot value)
        {
            if (tap.Role != TapRole.Wire)
            {
                if (tap.Wire == Network.DefaultOutput)
                {
                    throw new ShapeException($"a Tap is named '{tap.Wire}', as the network's last value is; give it another name.").At("");
                }

                Outputs.Add(new(tap.Wire, value.Index, value.Shape, tap.Role, tap.Role == TapRole.Auxiliary ? tap.LossWeight : 1));
            }
        }
    }
}
