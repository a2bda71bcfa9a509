using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Analysis;

/// <summary>Rewrites of trees that keep the names of all weights they do not touch.</summary>
public static class LayerTree
{
    /// <summary>The tree with each leaf replaced by what <paramref name="map"/> makes of it.</summary>
    /// <param name="root">The tree; it stays as it is.</param>
    /// <param name="map">Gets each leaf with its place, joins included, and returns it or another layer. Where that has
    /// no name it takes the old one's, so that it stands at the same path.</param>
    /// <returns>The new tree; parts in which nothing was replaced are the same objects.</returns>
    /// <exception cref="ShapeException">A join is replaced by something else than a leaf, or the tree's names
    /// contradict each other.</exception>
    public static Layer Map(Layer root, Func<LeafPlace, Leaf, Layer> map)
    {
        LayerDepth.Check(root);
        return Map(root, LeafPlace.Root, map);
    }

    /// <summary>The tree without the layer at <paramref name="path"/>: a child of a
    /// <see cref="Sequential"/> or <see cref="Branches"/>.</summary>
    /// <param name="root">The tree; it stays as it is.</param>
    /// <param name="path">Names or indices from the root, joined by <c>/</c>, as in the names of weights.</param>
    /// <returns>The new tree. Siblings without a name get their old index as one, so that their weights
    /// keep their names.</returns>
    /// <exception cref="ArgumentException">No such child stands there, or it is the last branch of a
    /// <see cref="Branches"/>.</exception>
    /// <exception cref="ShapeException">The tree's names contradict each other.</exception>
    public static Layer Remove(Layer root, string path)
    {
        LayerDepth.Check(root);
        return Remove(root, LeafPlace.Root, path)
            ?? throw new ArgumentException(
                $"No layer that could be removed stands at '{path}'; only children of Sequential and Branches can, by the names or "
                    + $"indices of their path.", nameof(path));
    }

    private static Layer Map(Layer layer, LeafPlace place, Func<LeafPlace, Leaf, Layer> map)
    {
        switch (layer)
        {
            case Sequential sequential:
                var steps = Map(sequential.Children, place, map);
                return ReferenceEquals(steps, sequential.Children) ? sequential : sequential with { Children = steps };
            case Branches branches:
                var children = Map(branches.Children, place, map);
                var join = Mapped(branches.Join, place.OfJoin(branches), map) as Leaf
                    ?? throw new ShapeException($"the join of Branches can be replaced by a leaf only.").At(place.OfJoin(branches).Path);
                return ReferenceEquals(children, branches.Children) && ReferenceEquals(join, branches.Join)
                    ? branches
                    : branches with { Children = children, Join = join };
            case Tap { Head: { } head } tap:
                var mappedHead = Map(head, place.OfHead(tap), map);
                return ReferenceEquals(mappedHead, head) ? tap : tap with { Head = mappedHead };
            case Shared shared:
                var inner = Map(shared.Inner, place.OfInner(shared), map);
                return ReferenceEquals(inner, shared.Inner) ? shared : shared with { Inner = inner };
            case Leaf leaf:
                return Mapped(leaf, place, map);
            default:
                return layer;
        }
    }

    private static ValueList<Layer> Map(ValueList<Layer> children, LeafPlace place, Func<LeafPlace, Leaf, Layer> map)
    {
        var mapped = place.Of(children).Select(c => Map(c.Child, c.Place, map)).ToValueList();
        return mapped.Zip(children).All(p => ReferenceEquals(p.First, p.Second)) ? children : mapped;
    }

    private static Layer Mapped(Leaf leaf, LeafPlace place, Func<LeafPlace, Leaf, Layer> map)
    {
        var made = map(place, leaf);
        return made.Name is null && leaf.Name is not null ? made with { Name = leaf.Name } : made;
    }

    // The tree without that layer; null where it is not below this one.
    private static Layer? Remove(Layer layer, LeafPlace place, string path)
    {
        switch (layer)
        {
            case Sequential sequential:
                return Remove(sequential.Children, place, path) is { } steps ? sequential with { Children = steps } : null;
            case Branches branches:
                if (Remove(branches.Children, place, path) is not { } children)
                {
                    return null;
                }

                if (children.Count == 0)
                {
                    throw new ArgumentException(
                        $"'{path}' is the only branch there and cannot be removed; remove the Branches around it.",
                        nameof(path));
                }

                return branches with { Children = children };
            case Tap { Head: { } head } tap:
                return Remove(head, place.OfHead(tap), path) is { } without ? tap with { Head = without } : null;
            case Shared shared:
                return Remove(shared.Inner, place.OfInner(shared), path) is { } inner ? shared with { Inner = inner } : null;
            default:
                return null;
        }
    }

    private static ValueList<Layer>? Remove(ValueList<Layer> children, LeafPlace place, string path)
    {
        var places = place.Of(children).ToList();

        // A layer named "" stands at its parent's path and cannot be meant.
        int at = places.FindIndex(c => c.Place.Path == path && c.Place.Path != place.Path);
        if (at >= 0)
        {
            var named = children.Select((child, i) => child.Name is null ? child with { Name = LeafPlace.IndexName(i) } : child);
            return named.Where((_, i) => i != at).ToValueList();
        }

        for (int i = 0; i < children.Count; i++)
        {
            if (Remove(children[i], places[i].Place, path) is { } without)
            {
                return children.Select((child, k) => k == i ? without : child).ToValueList();
            }
        }

        return null;
    }
}
