namespace MlNetDl.Experiments;

/// <summary>What becomes of images that cannot be read: damaged, cut off, empty, too large, or of no known format.</summary>
public enum BadFiles
{
    /// <summary>They are refused, all in one message.</summary>
    Error,

    /// <summary>They are left out, and counted.</summary>
    Skip,
}
