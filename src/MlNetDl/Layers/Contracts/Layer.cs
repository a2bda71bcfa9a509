namespace MlNetDl.Layers.Contracts;

/// <summary>A node of a network's tree: immutable data with value equality, <c>with</c> expressions and
/// a JSON form.</summary>
/// <remarks>
/// Either a combinator (<c>Sequential</c>, <c>Branches</c>, <c>Tap</c>, <c>Read</c>, <c>Shared</c>), whose meaning the
/// interpreter gives once for all, or a <see cref="Leaf"/>. Only output widths are stated; input widths, and with them
/// how weights start, are inferred.
/// </remarks>
public abstract record Layer
{
    /// <summary>How deep a tree of layers may nest, the root included: 100. Every walk is recursive, and files hold no
    /// deeper ones; the deepest published architectures nest five to ten levels.</summary>
    public const int MaxDepth = 100;

    /// <summary>The name of this layer among its siblings; without one, its index. Weights are named after the path of
    /// names, so a name survives edits of the tree.</summary>
    /// <remarks>May not contain <c>/</c> or <c>.</c>. The empty name adds nothing to the path: for wrappers that must
    /// not rename what they wrap.</remarks>
    public string? Name { get; init; }
}
