using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Networks;

/// <summary>A network with early exits: rows of which an exit is sure leave there, and the layers behind compute only the others
/// (BranchyNet, Teerapittayanon, McDanel and Kung 2017, arXiv:1709.01686).</summary>
/// <remarks>
/// All exits are trained jointly: the loss is that of the last output and those of the exits by their weights (eq. 1). Until
/// thresholds are chosen, on rows that the network has not learnt from (<c>exitThreshold</c>), no row leaves. Each row of a batch
/// leaves by itself, within one scoring graph. The weights of the network keep their names.
/// </remarks>
public sealed record EarlyExit : NetworkSpec
{
    /// <summary>The network that gets exits.</summary>
    public required NetworkSpec Network { get; init; }

    /// <summary>The exits, one or more; they are named <c>exit1</c>, <c>exit2</c>, … in the order of the network.</summary>
    public required ValueList<Exit> Exits { get; init; }

    /// <summary>How sure an exit is of a row; entropy by default, as in the paper.</summary>
    public ExitRule By { get; init; }

    /// <inheritdoc/>
    public override Shape UsualInput => Network.UsualInput;

    /// <inheritdoc/>
    public override Layer Backbone(Shape input) => Network.Backbone(input);

    /// <inheritdoc/>
    public override Layer Head(Shape input, int outputs) => Network.Head(input, outputs);

    /// <inheritdoc/>
    /// <exception cref="ShapeException">An exit names no place of the network, or one where rows cannot leave; the message says which
    /// there are.</exception>
    public override Layer Build(Shape input, int outputs)
    {
        var places = new ExitPlaces(Network.Build(input, outputs), Named());
        var placed = Exits.Select((exit, i) => (Exit: exit, Place: places.Find(exit.After, i)))
            .OrderBy(p => p.Place.Index).ToList();
        foreach (var (first, second) in placed.Zip(placed.Skip(1)).Where(p => p.First.Place.Index == p.Second.Place.Index))
        {
            throw new ShapeException($"{Named()}: two exits stand behind '{first.Place.Path}' (after: {first.Exit.After}, {second.Exit.After}); "
                + "leave one of them out.");
        }

        var wires = placed.Select((p, i) => p.Place.Head?.Wire ?? FormattableString.Invariant($"exit{i + 1}")).ToList();
        var shapes = ShapesAt(input, places, placed.Select(p => p.Place.Path), wires);
        var heads = placed.Select((p, i) => (p.Place.Path, Layers: With(p.Exit, wires[i], p.Place.Head is null
            ? Head(p.Exit, p.Place.Path, shapes[wires[i]], outputs) : null)));
        var root = places.With(heads.ToDictionary(h => h.Path, h => h.Layers));
        return root with
        {
            Children = [.. root.Children, .. wires.AsEnumerable().Reverse().Select(w => new MergeRows(w) { Name = $"{w}-merge" })],
        };
    }

    /// <inheritdoc/>
    public override IEnumerable<RecordProblem> Problems()
    {
        if (Exits.Count == 0)
        {
            yield return new("exits", "must name one exit or more, but is empty.");
        }

        if (Network is EarlyExit)
        {
            yield return new("network", "is an earlyExit already; name all exits in one.");
        }
    }

    private ValueList<Layer> With(Exit exit, string wire, Layer? head)
    {
        var rows = new HardRows(wire) { Name = $"{wire}-rows", By = By, Threshold = exit.Threshold };
        return head is null ? [rows] :
        [
            new Tap(wire, head) { Name = "", Role = TapRole.Auxiliary, LossWeight = exit.LossWeight }, rows,
        ];
    }

    private Sequential Head(Exit exit, string path, Shape shape, int outputs)
    {
        if (shape.Rank is not (2 or 4) || (shape.Rank == 2 && exit.Channels > 0))
        {
            throw new ShapeException($"{Named()}: an exit {(exit.Channels > 0 ? "with channels " : "")}needs images [N, C, H, W]"
                + $"{(exit.Channels > 0 ? "" : " or vectors [N, C]")} but behind '{path}' are {shape}; choose another place.");
        }

        var layers = new List<Layer>();
        if (shape.Rank == 4)
        {
            layers.AddRange(exit.Channels > 0 ? [Blocks.ConvBnReLU("conv", exit.Channels, 3, 2, 1)] : []);
            layers.AddRange([new GlobalAvgPool(), new Flatten()]);
        }

        layers.AddRange(exit.Hidden > 0 ? [new Linear(exit.Hidden) { Name = "hidden" }, new ReLU()] : []);
        return new([.. layers, new Linear(outputs) { Name = "output" }]);
    }

    // What flows where the exits stand: wires published there tell.
    private static Dictionary<string, Shape> ShapesAt(Shape input, ExitPlaces places, IEnumerable<string> paths, IReadOnlyList<string> wires)
    {
        var probes = paths.Zip(wires).ToDictionary(
            p => p.First, p => (ValueList<Layer>)[new Tap($"{p.Second} place") { Name = $"{p.Second}-place", Role = TapRole.Output }]);
        var plan = new Network(places.With(probes), input).Plan();
        return wires.ToDictionary(w => w, w => plan.Outputs.Single(o => o.Name == $"{w} place").Shape);
    }

    private string Named() => $"earlyExit of {Network.GetType().Name}";
}
