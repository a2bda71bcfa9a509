using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Analysis;

/// <summary>A value of a plan in the making.</summary>
internal readonly record struct Slot(int Index, Shape Shape);

/// <summary>Lays a tree out as steps over numbered slots.</summary>
internal sealed class Planner : Interpreter<Slot>
{
    // By the name of the weights: the request of the first layer under it, and whether it was shared.
    private readonly Dictionary<string, (ValueList<Parameter> Parameters, bool IsShared)> weights = [];
    private readonly HashSet<string> paths = [];
    private int nextSlot;

    /// <summary>A plan's slots begin with the network's inputs.</summary>
    public Planner(ValueList<NetworkInput> inputs)
    {
        foreach (var input in inputs)
        {
            Publish(input.Name, new(nextSlot++, input.Shape));
        }
    }

    public List<PlanStep> Steps { get; } = [];

    public List<PlanOutput> Outputs { get; } = [];

    public int Slots => nextSlot;

    protected override IReadOnlyList<Slot> Visit(Leaf leaf, IReadOnlyList<Slot> inputs, LeafPlace place)
    {
        var shapes = inputs.Select(i => i.Shape).ToValueList();
        var made = LeafCode.Each(leaf, (nameof(Leaf.OutputShape), nameof(PublishingLeaf.OutputShapes)), place.Path, () => leaf.ShapesOf(shapes))
            .Select(shape => new Slot(nextSlot++, shape)).ToList();
        var parameters = Settled(place, LeafCode.Parameters(leaf, shapes, place.Path).ToValueList());
        Steps.Add(new(leaf, place.Path, place.WeightsName, inputs.Select(i => i.Index).ToValueList(), shapes,
            made.Select(m => m.Index).ToValueList(), made.Select(m => m.Shape).ToValueList(), parameters));
        return made;
    }

    protected override void Tapped(Tap tap, Slot value)
    {
        if (tap.Role == TapRole.Wire)
        {
            return;
        }

        if (tap.Wire == Network.DefaultOutput)
        {
            throw new ShapeException($"a Tap is named '{tap.Wire}', as the network's last value is; give it another name.").At("");
        }

        Outputs.Add(new(tap.Wire, value.Index, value.Shape, tap.Role, tap.Role == TapRole.Auxiliary ? tap.LossWeight : 1));
    }

    // Layers that share weights have those of the first, its initializer included.
    private ValueList<Parameter> Settled(LeafPlace place, ValueList<Parameter> asked)
    {
        bool known = weights.TryGetValue(place.WeightsName, out var first);

        // A layer named "" adds nothing to the path, so two layers can have the same path. They would share weights by
        // mistake.
        if (!paths.Add(place.Path) || (known && !(first.IsShared && place.IsShared)))
        {
            throw new ShapeException(
                asked.Count == 0 && (!known || first.Parameters.Count == 0)
                    ? $"another layer stands at the path '{place.Path}' too; name the layers differently."
                    : $"another layer has the weights '{place.WeightsName}' too; name the layers differently, or wrap "
                        + "both in Shared if they are to share them.");
        }

        if (!known || (first.Parameters.Count == 0 && asked.Count > 0))
        {
            weights[place.WeightsName] = (asked, place.IsShared);
            return asked;
        }

        if (asked.Count > 0 && !asked.Select(Identity).SequenceEqual(first.Parameters.Select(Identity)))
        {
            throw new ShapeException(
                $"weights '{place.WeightsName}' are shared by layers that ask for different ones: "
                    + $"{Text(first.Parameters)} and {Text(asked)}.");
        }

        return asked.Count > 0 ? first.Parameters : asked;
    }

    // The start of the weight does not matter, unless the values are the meaning of the layer: two standardisations by
    // different numbers are not one.
    private static (string Name, ValueList<long> Dims, bool Trainable, FixedInit? Values) Identity(Parameter parameter) =>
        (parameter.Name, parameter.Dims, parameter.Trainable, parameter.Trainable ? null : parameter.Init as FixedInit);

    private static string Text(IEnumerable<Parameter> parameters) => string.Join(", ", parameters.Select(Text));

    private static string Text(Parameter parameter)
    {
        var text = $"{parameter.Name} {parameter.Dims}";
        return Identity(parameter) switch
        {
            { Trainable: true } => text,
            { Values: { } fixedValues } => $"{text} of fixed values {fixedValues.Values}",
            _ => $"{text} (not trained)",
        };
    }
}
