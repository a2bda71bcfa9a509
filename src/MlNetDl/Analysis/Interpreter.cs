using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Analysis;

/// <summary>Gives the combinators their meaning, once: every analysis of a network is a walk with another
/// <typeparamref name="T"/>.</summary>
/// <typeparam name="T">What flows along the wires: shapes, slots of a plan, channel groups, …</typeparam>
public abstract class Interpreter<T>
{
    private readonly Dictionary<string, T> wires = [];

    /// <summary>The wires published so far: network inputs and taps.</summary>
    public IReadOnlyDictionary<string, T> Wires => wires;

    /// <summary>Makes a named value (a network input) readable.</summary>
    /// <exception cref="InvalidOperationException">The name is taken.</exception>
    public void Publish(string wire, T value)
    {
        if (!wires.TryAdd(wire, value))
        {
            throw new InvalidOperationException(
                $"wire '{wire}' is published twice; give each Tap, each wire that a layer publishes and each network "
                    + "input a name of its own.");
        }
    }

    /// <summary>Walks <paramref name="layer"/> from <paramref name="value"/> and returns what comes out.</summary>
    /// <exception cref="ShapeException">The tree is deeper than <see cref="Layer.MaxDepth"/>, or reads or names what
    /// it may not.</exception>
    public T Run(Layer layer, T value)
    {
        LayerDepth.Check(layer);
        return Run(layer, value, LeafPlace.Root);
    }

    /// <summary>The values of a leaf: the running one first, then one for each wire that it publishes.
    /// <see cref="ShapeException"/>s thrown here get the leaf's path.</summary>
    protected abstract IReadOnlyList<T> Visit(Leaf leaf, IReadOnlyList<T> inputs, LeafPlace place);

    /// <summary>Called for each tap after its wire is published.</summary>
    protected virtual void Tapped(Tap tap, T value)
    {
    }

    private T Run(Layer layer, T value, LeafPlace place)
    {
        switch (layer)
        {
            case Sequential sequential:
                foreach (var (child, childPlace) in place.Of(sequential.Children))
                {
                    value = Run(child, value, childPlace);
                }

                return value;
            case Branches branches:
                if (branches.Children.Count == 0)
                {
                    throw new ShapeException("Branches has no branch; give it at least one.").At(place.Path);
                }

                var values = place.Of(branches.Children).Select(c => Run(c.Child, value, c.Place)).ToList();
                return Call(branches.Join, [.. values, .. Wired(branches.Join, place)], place.OfJoin(branches));
            case Tap tap:
                var published = tap.Head is null ? value : Run(tap.Head, value, place.OfHead(tap));
                At(place, () => Publish(tap.Wire, published));
                Tapped(tap, published);
                return value;
            case Read read:
                return Wire(read.Wire, place);
            case Shared shared:
                return Run(shared.Inner, value, place.OfInner(shared));
            case Leaf leaf:
                return Call(leaf, [value, .. Wired(leaf, place)], place);
            default:
                throw new ShapeException(
                    $"{layer.GetType().Name} is neither a combinator nor a leaf; derive layers from Leaf.")
                    .At(place.Path);
        }
    }

    private T Call(Leaf leaf, IReadOnlyList<T> inputs, LeafPlace place)
    {
        var values = Visited(leaf, inputs, place);
        var wiresOfLeaf = leaf.PublishedWires;
        if (values.Count != wiresOfLeaf.Count + 1)
        {
            throw new ShapeException(
                $"{leaf.GetType().Name} makes {values.Count} values but publishes {wiresOfLeaf.Count} wires; it must make the running "
                    + $"value and one for each wire.").At(place.Path);
        }

        for (int i = 0; i < wiresOfLeaf.Count; i++)
        {
            int at = i;
            At(place, () => Publish(wiresOfLeaf[at], values[at + 1]));
        }

        return values[0];
    }

    private IReadOnlyList<T> Visited(Leaf leaf, IReadOnlyList<T> inputs, LeafPlace place)
    {
        try
        {
            return Visit(leaf, inputs, place);
        }
        catch (ShapeException e) when (e.InnerException is not ShapeException)
        {
            throw e.At(place.Path);
        }
    }

    private IEnumerable<T> Wired(Leaf leaf, LeafPlace place) => leaf.Wires.Select(w => Wire(w, place));

    private T Wire(string name, LeafPlace place)
    {
        if (!wires.TryGetValue(name, out var value))
        {
            throw new ShapeException($"reads wire '{name}', which nothing before it publishes; published are: "
                + $"{(wires.Count == 0 ? "none" : string.Join(", ", wires.Keys))}.")
                .At(place.Path);
        }

        return value;
    }

    private static void At(LeafPlace place, Action action)
    {
        try
        {
            action();
        }
        catch (InvalidOperationException e)
        {
            throw new ShapeException(e.Message).At(place.Path);
        }
    }
}
