using MlNetDl.Analysis;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Naming;

namespace MlNetDl.Networks;

/// <summary>The places of a network behind which rows may leave: those that all rows pass one after the other.</summary>
/// <param name="whole">The network.</param>
/// <param name="who">Who asks, for messages.</param>
internal sealed class ExitPlaces(Layer whole, string who)
{
    private const int MostShown = 12;

    private readonly Sequential root = whole as Sequential ?? new(whole with { Name = whole.Name ?? "" });

    /// <summary>A place.</summary>
    /// <param name="Path">Its path.</param>
    /// <param name="Index">Its number in the order of the network.</param>
    /// <param name="Head">The auxiliary head that stands there; <see langword="null"/> for other layers.</param>
    public sealed record Place(string Path, int Index, Tap? Head);

    /// <summary>The place of a name.</summary>
    /// <param name="name">A path, or the name of an auxiliary head.</param>
    /// <param name="exit">The number of the exit, for messages.</param>
    /// <exception cref="ShapeException">There is none.</exception>
    public Place Find(string name, int exit)
    {
        // Behind the last layer nothing is left to skip.
        var last = LeafPlace.Root.Of(root.Children).Last().Place.Path;
        var places = Below(root, LeafPlace.Root)
            .Where(p => p.Place.Path != last && !p.Place.Path.StartsWith($"{last}/", StringComparison.Ordinal))
            .Select((p, i) => new Place(p.Place.Path, i, p.Layer as Tap is { Role: TapRole.Auxiliary, Head: not null } head ? head : null))
            .ToList();
        if (places.FirstOrDefault(p => p.Path == name) is { } found)
        {
            return found;
        }

        if (places.FirstOrDefault(p => p.Head?.Wire == name) is { } headed)
        {
            return headed;
        }

        var names = places.Select(p => p.Head?.Wire ?? p.Path).ToList();
        var near = Nearest.Of(name, names);
        throw new ShapeException($"{who}: exits[{exit}].after is '{name}', " + (IsInside(name)
            ? "which is within a branch, a shared layer or the last layer, where rows cannot leave"
            : "which is no place of the network")
            + (near is null ? "." : $"; did you mean '{near}'?")
            + $" There are {string.Join(", ", names.Take(MostShown))}{(names.Count > MostShown ? ", …" : "")}.");
    }

    /// <summary>The network with layers behind places. Layers that stand beside them keep their names.</summary>
    public Sequential With(IReadOnlyDictionary<string, ValueList<Layer>> behind) => With(root, LeafPlace.Root, behind);

    private static Sequential With(Sequential layers, LeafPlace place, IReadOnlyDictionary<string, ValueList<Layer>> behind)
    {
        var children = new List<Layer>();
        bool grew = false;
        foreach (var (index, (child, at)) in place.Of(layers.Children).Index())
        {
            var own = child is Sequential inner ? With(inner, at, behind) : child;
            children.Add(own with { Name = own.Name ?? LeafPlace.IndexName(index) });
            if (at.Path != place.Path && behind.TryGetValue(at.Path, out var more))
            {
                children.AddRange(more);
                grew = true;
            }
            else
            {
                grew |= !ReferenceEquals(own, child);
            }
        }

        return grew ? layers with { Children = children.ToValueList() } : layers;
    }

    private static IEnumerable<(Layer Layer, LeafPlace Place)> Below(Sequential layers, LeafPlace place)
    {
        foreach (var (child, at) in place.Of(layers.Children))
        {
            if (child is Sequential inner)
            {
                foreach (var below in Below(inner, at))
                {
                    yield return below;
                }
            }

            if (at.Path != place.Path)
            {
                yield return (child, at);
            }
        }
    }

    private bool IsInside(string name)
    {
        bool found = false;
        LayerTree.Map(root, (place, leaf) =>
        {
            found |= place.Path == name || place.Path.StartsWith($"{name}/", StringComparison.Ordinal);
            return leaf;
        });
        return found;
    }
}
