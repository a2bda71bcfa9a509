namespace MlNetDl.Compression;

/// <summary>Within what the least important parts are looked for.</summary>
public enum PruningScope
{
    /// <summary>All layers together, by one threshold: layers that bear more lose more.</summary>
    Global,

    /// <summary>Each layer by itself: all lose the same share.</summary>
    Layer,
}
