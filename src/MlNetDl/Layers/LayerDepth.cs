using MlNetDl.Layers.Contracts;

namespace MlNetDl.Layers;

/// <summary>The one limit on how deep a tree of layers nests, in C# as in files.</summary>
internal static class LayerDepth
{
    /// <summary>The message for a tree that is too deep, the same for every form of a tree.</summary>
    public static string Problem =>
        $"the layers nest deeper than {Layer.MaxDepth} levels; put them side by side in one Sequential instead of one into the other.";

    /// <summary>Refuses a tree that is too deep. It is a loop, because a recursive walk of such a tree would overflow
    /// the stack.</summary>
    /// <exception cref="ShapeException">It is.</exception>
    public static void Check(Layer root)
    {
        var left = new Stack<(Layer Layer, int Depth)>([(root, 1)]);
        while (left.TryPop(out var at))
        {
            if (at.Depth > Layer.MaxDepth)
            {
                throw new ShapeException(Problem).At("");
            }

            foreach (var child in Children(at.Layer))
            {
                left.Push((child, at.Depth + 1));
            }
        }
    }

    private static IEnumerable<Layer> Children(Layer layer) => layer switch
    {
        Sequential sequential => sequential.Children,
        Branches branches => [.. branches.Children, branches.Join],
        Tap { Head: { } head } => [head],
        Shared shared => [shared.Inner],
        _ => [],
    };
}
