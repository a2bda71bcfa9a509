namespace MlNetDl.Metrics;

/// <summary>The direction in which a figure improves.</summary>
public enum Goal
{
    /// <summary>Greater is better.</summary>
    Maximize,

    /// <summary>Smaller is better.</summary>
    Minimize,
}
