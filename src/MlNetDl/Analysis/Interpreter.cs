using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Analysis;

/// <summary>Where a leaf stands in the tree.</summary>
/// <param name="Path">Names of the layers from the root, joined by <c>/</c>.</param>
/// <param name="WeightsName">What its weights are named after: the path, or below a <see cref="Shared"/> the shared name.</param>
/// <param name="IsShared">Whether it stands below a <see cref="Shared"/>.</param>
public readonly record struct LeafPlace(string Path, string WeightsName, bool IsShared = false);

/// <summary>Gives the combinators their meaning, once: every analysis of a network is a walk with another <typeparamref name="T"/>.</summary>
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
            throw new InvalidOperationException($"wire '{wire}' is published twice; give each Tap and each network input a name of its own.");
        }
    }

    /// <summary>Walks <paramref name="layer"/> from <paramref name="value"/> and returns what comes out.</summary>
    public T Run(Layer layer, T value) => Run(layer, value, new("", ""));

    /// <summary>The value of a leaf. <see cref="ShapeException"/>s thrown here get the leaf's path.</summary>
    protected abstract T Visit(Leaf leaf, IReadOnlyList<T> inputs, LeafPlace place);

    /// <summary>Called for each tap after its wire is published.</summary>
    protected virtual void Tapped(Tap tap, T value)
    {
    }

    private T Run(Layer layer, T value, LeafPlace place)
    {
        switch (layer)
        {
            case Sequential sequential:
                foreach (var (child, childPlace) in Places(sequential.Children, place))
                {
                    value = Run(child, value, childPlace);
                }

                return value;
            case Branches branches:
                if (branches.Children.Count == 0)
                {
                    throw new ShapeException("Branches has no branch; give it at least one.").At(place.Path);
                }

                var values = Places(branches.Children, place).Select(c => Run(c.Child, value, c.Place)).ToList();
                return Call(branches.Join, [.. values, .. Wired(branches.Join, place)], Below(place, branches.Join.Name ?? "join"));
            case Tap tap:
                var published = tap.Head is null ? value : Run(tap.Head, value, Below(place, tap.Head.Name ?? tap.Wire));
                At(place, () => Publish(tap.Wire, published));
                Tapped(tap, published);
                return value;
            case Read read:
                return Wire(read.Wire, place);
            case Shared shared:
                return Run(shared.Inner, value, place with { WeightsName = shared.WeightsName, IsShared = true });
            case Leaf leaf:
                return Call(leaf, [value, .. Wired(leaf, place)], place);
            default:
                throw new ShapeException($"{layer.GetType().Name} is neither a combinator nor a leaf; derive layers from Leaf.").At(place.Path);
        }
    }

    private T Call(Leaf leaf, IReadOnlyList<T> inputs, LeafPlace place)
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

    private T Wire(string name, LeafPlace place) => wires.TryGetValue(name, out var value)
        ? value
        : throw new ShapeException($"reads wire '{name}', which nothing before it publishes; published are: {(wires.Count == 0 ? "none" : string.Join(", ", wires.Keys))}.").At(place.Path);

    private static IEnumerable<(Layer Child, LeafPlace Place)> Places(ValueList<Layer> children, LeafPlace place)
    {
        var taken = new HashSet<string>();
        for (int i = 0; i < children.Count; i++)
        {
            var name = children[i].Name ?? i.ToString(System.Globalization.CultureInfo.InvariantCulture);
            if (name.Contains('/', StringComparison.Ordinal) || name.Contains('.', StringComparison.Ordinal))
            {
                throw new ShapeException($"layer name '{name}' contains '/' or '.', which separate the parts of a weight's name.").At(place.Path);
            }

            if (name.Length > 0 && !taken.Add(name))
            {
                throw new ShapeException($"two layers side by side are named '{name}'; names of siblings must differ.").At(place.Path);
            }

            yield return (children[i], Below(place, name));
        }
    }

    private static LeafPlace Below(LeafPlace place, string name) => place with { Path = Join(place.Path, name), WeightsName = Join(place.WeightsName, name) };

    private static string Join(string path, string name) => name.Length == 0 ? path : path.Length == 0 ? name : $"{path}/{name}";

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
