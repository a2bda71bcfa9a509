using MlNetDl.Analysis;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Compression;

/// <summary>Finds the branches that a network can do without: those of a <see cref="Sum"/> beside the unchanged
/// input.</summary>
internal static class ResidualBranches
{
    /// <summary>The paths of these branches, in order. Branches that something else reads from are left out.</summary>
    public static IReadOnlyList<string> Of(Network network) => [.. Below(network.Root, LeafPlace.Root).Where(path => CanGo(network, path))];

    /// <summary>How many branches can go together: of a branch and those within it only one side counts, so it is the number
    /// of the innermost.</summary>
    public static int Together(IReadOnlyList<string> branches) => branches.Count(b => !branches.Any(o => o != b && LayerPaths.IsBelow(o, b)));

    /// <summary>The branches that may go next, so that enough others can still follow.</summary>
    /// <param name="branches">The branches of the network that is left.</param>
    /// <param name="gone">Those that went; branches around them stay.</param>
    /// <param name="count">How many go in all.</param>
    public static IEnumerable<string> Next(IReadOnlyList<string> branches, IReadOnlyList<string> gone, int count)
    {
        var free = branches.Where(b => gone.All(g => AreApart(b, g))).ToList();
        return free.Where(b => Together([.. free.Where(o => AreApart(o, b))]) >= count - gone.Count - 1);
    }

    /// <summary>The network without a branch. Other weights keep their names.</summary>
    public static Network Without(Network network, string path) => network with { Root = LayerTree.Remove(network.Root, path) };

    private static bool AreApart(string a, string b) => !LayerPaths.IsBelow(a, b) && !LayerPaths.IsBelow(b, a);

    private static IEnumerable<string> Below(Layer layer, LeafPlace place) => layer switch
    {
        Sequential sequential => place.Of(sequential.Children).SelectMany(c => Below(c.Child, c.Place)),
        Branches branches => place.Of(branches.Children).SelectMany(c => (string[])
            [.. IsBranch(branches, c.Child) && c.Place.Path != place.Path ? [c.Place.Path] : (string[])[], .. Below(c.Child, c.Place)]),
        Tap { Head: { } head } tap => Below(head, place.OfHead(tap)),
        Shared shared => Below(shared.Inner, place.OfInner(shared)),
        _ => [],
    };

    private static bool IsBranch(Branches branches, Layer child) =>
        branches.Join is Sum { With.Count: 0 } && !IsShortcut(child) && branches.Children.Any(IsShortcut);

    private static bool IsShortcut(Layer layer) => layer is Identity or Sequential { Children.Count: 0 };

    private static bool CanGo(Network network, string path)
    {
        try
        {
            Without(network, path).Plan();
            return true;
        }
        catch (ShapeException)
        {
            return false; // a wire of it is read elsewhere
        }
    }
}
