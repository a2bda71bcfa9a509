namespace MlNetDl.Metrics;

/// <summary>Which way a figure improves.</summary>
public enum Goal
{
    /// <summary>The greatest is best, as of an accuracy.</summary>
    Maximize,

    /// <summary>The least is best, as of a loss.</summary>
    Minimize,
}
