using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Analysis;

/// <summary>Goes through a plan once and unites the channels that hang together.</summary>
internal sealed class ChannelWalk
{
    private readonly Channels[] slots;
    private readonly List<UncutLayer> uncut = [];
    private readonly List<Channels> ends = [];
    private readonly List<(PlanStep Step, GroupAxis Axis, int Number)> axes = [];
    private readonly HashSet<int> ended = [];

    private ChannelWalk(Plan plan) => slots = new Channels[plan.Slots];

    public ChannelGroups Groups { get; } = new();

    public IReadOnlyList<Channels> Slots => slots;

    public IReadOnlyList<UncutLayer> Uncut => uncut;

    /// <summary>All axes; the number tells those of one step on one dimension apart.</summary>
    public IReadOnlyList<(PlanStep Step, GroupAxis Axis, int Number)> Axes => axes;

    public static ChannelWalk Of(Plan plan, bool endsAreFixed)
    {
        var walk = new ChannelWalk(plan);
        for (int i = 0; i < plan.Network.Inputs.Count; i++)
        {
            walk.slots[i] = walk.Groups.Fresh(ChannelGroups.CountOf(plan.Network.Inputs[i].Shape));
        }

        foreach (var step in plan.Steps)
        {
            walk.Take(step);
        }

        walk.UniteSharedWeights(plan);
        var inputs = plan.Network.Inputs.Index().Where(i => endsAreFixed || ChannelGroups.DimensionOf(i.Item.Shape) is null).Select(i => i.Index);
        walk.ends.AddRange(inputs.Concat(endsAreFixed ? plan.Outputs.Select(o => o.Slot) : []).Select(slot => walk.slots[slot]));
        walk.ended.UnionWith(walk.ends.SelectMany(e => e.Groups).Select(walk.Groups.Find));
        return walk;
    }

    public bool IsFixed(int group) => ended.Contains(Groups.Find(group));

    private void Take(PlanStep step)
    {
        var inputs = step.Inputs.Select(i => slots[i]).ToList();
        int before = Groups.Count;
        var (made, reason) = Coupled(step, inputs);
        for (int i = 0; i < step.Outputs.Count; i++)
        {
            slots[step.Outputs[i]] = made[i];
        }

        if (reason is null && step.Leaf is INarrowsChannels narrowing)
        {
            Axis(step, narrowing, inputs, made);
            return;
        }

        reason ??= Silent(step, made.Any(m => m.Groups.Any(g => g >= before)));
        if (reason is not null)
        {
            uncut.Add(new(step.Path, step.Leaf.GetType().Name, reason));
            ends.AddRange([.. inputs, .. made]);
        }
    }

    // The channels of a step's outputs, or fresh ones and why its leaf does not say them.
    private (IReadOnlyList<Channels> Made, string? Reason) Coupled(PlanStep step, List<Channels> inputs)
    {
        if (step.Leaf is not ICouplesChannels coupling)
        {
            return (Fresh(), ChannelGroups.Untold(step.Leaf));
        }

        IReadOnlyList<Channels> made;
        try
        {
            made = LeafCode.Of(step.Leaf, nameof(coupling.Couple), step.Path, () => coupling.Couple(inputs, step.InputShapes, Groups));
        }
        catch (NotSupportedException e)
        {
            return (Fresh(), e.InnerException?.Message ?? e.Message);
        }

        if (made.Count != step.Outputs.Count
            || step.OutputShapes.Zip(made).FirstOrDefault(p => p.Second.Groups.Count != ChannelGroups.CountOf(p.First)) is { First: not null })
        {
            throw new ComponentException(
                step.Leaf,
                nameof(coupling.Couple),
                $"it gives [{string.Join(", ", made.Select(m => m.Groups.Count))}] channels for its outputs {step.OutputShapes}; give one "
                    + "group for each channel of each output.",
                step.Path);
        }

        return (made, null);

        IReadOnlyList<Channels> Fresh() => [.. step.OutputShapes.Select(s => Groups.Fresh(ChannelGroups.CountOf(s)))];
    }

    // A leaf that narrows nothing must be the same for any number of channels.
    private static string? Silent(PlanStep step, bool makesChannels)
    {
        var name = step.Leaf.GetType().Name;
        if (makesChannels)
        {
            return $"{name} makes channels of its own but does not say how it looks with fewer; let it implement {nameof(INarrowsChannels)}.";
        }

        return step.Parameters.Count > 0 && FollowsChannels(step)
            ? $"{name} has weights that follow its channels but does not say which axes do; let it implement {nameof(INarrowsChannels)}."
            : null;
    }

    private static bool FollowsChannels(PlanStep step)
    {
        var wider = step.InputShapes.Select(s => ChannelGroups.DimensionOf(s) is { } dimension && s[dimension].Size is { } size
            ? s.With(dimension, size + 1)
            : s).ToList();
        try
        {
            step.Leaf.ShapesOf(wider);
            return !step.Leaf.Parameters(wider).Select(p => p.Dims).SequenceEqual(step.Leaf.Parameters(step.InputShapes).Select(p => p.Dims));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return true; // it takes this number of channels only
        }
    }

    private void Axis(PlanStep step, INarrowsChannels leaf, IReadOnlyList<Channels> inputs, IReadOnlyList<Channels> outputs)
    {
        var numbers = new Dictionary<(string, int), int>();
        foreach (var (member, axis, values, isOutput) in Said(nameof(leaf.OutputAxes), leaf.OutputAxes, outputs, true)
            .Concat(Said(nameof(leaf.InputAxes), leaf.InputAxes, inputs, false)))
        {
            if (Wrong(step, axis, values) is { } wrong)
            {
                throw new ComponentException(step.Leaf, member, wrong, step.Path);
            }

            int number = numbers[(axis.Parameter, axis.Dimension)] = numbers.GetValueOrDefault((axis.Parameter, axis.Dimension), -1) + 1;
            var channels = values[axis.Value].Groups;
            axes.Add((
                step,
                new(
                    $"{step.WeightsName}.{axis.Parameter}",
                    axis.Dimension,
                    [.. axis.Channels.Select(c => channels[c])],
                    isOutput,
                    axis.Channels),
                number));
        }

        IEnumerable<(string, ChannelAxis, IReadOnlyList<Channels>, bool)> Said(
            string member, Func<IReadOnlyList<Shape>, IReadOnlyList<ChannelAxis>> axes, IReadOnlyList<Channels> values, bool isOutput) =>
            LeafCode.Of(step.Leaf, member, step.Path, () => axes(step.InputShapes)).Select(a => (member, a, values, isOutput));
    }

    private static string? Wrong(PlanStep step, ChannelAxis axis, IReadOnlyList<Channels> values)
    {
        var said = $"it names dimension {axis.Dimension} of '{axis.Parameter}'";
        if (step.Parameters.FirstOrDefault(p => p.Name == axis.Parameter) is not { } parameter || axis.Dimension >= parameter.Dims.Count)
        {
            return $"{said}, but the layer has {string.Join(", ", step.Parameters.Select(p => $"{p.Name} {p.Dims}"))}.";
        }

        if (axis.Value < 0 || axis.Value >= values.Count)
        {
            return $"{said} as channels of value {axis.Value}, but there are {values.Count} values.";
        }

        int channels = values[axis.Value].Groups.Count;
        return axis.Channels.Count != parameter.Dims[axis.Dimension] || axis.Channels.Any(c => c < 0 || c >= channels)
            ? $"{said} with {axis.Channels.Count} channels of 0 to {axis.Channels.DefaultIfEmpty().Max()}, but the dimension has "
                + $"{parameter.Dims[axis.Dimension]} indices and the value {channels} channels."
            : null;
    }

    // An index of a dimension stays for all who share the weight, or for none.
    private void UniteSharedWeights(Plan plan)
    {
        var users = plan.Steps.Where(s => s.Parameters.Count > 0).CountBy(s => s.WeightsName).ToDictionary();
        foreach (var on in axes.GroupBy(a => (a.Axis.Weight, a.Axis.Dimension)))
        {
            int all = users[on.First().Step.WeightsName];
            foreach (var same in on.GroupBy(a => a.Number).Select(g => g.Select(a => new Channels([.. a.Axis.Groups])).ToList()))
            {
                foreach (var other in same.Skip(1))
                {
                    Groups.Unite(same[0], other);
                }

                if (same.Count < all)
                {
                    ends.AddRange(same);
                }
            }
        }
    }
}
