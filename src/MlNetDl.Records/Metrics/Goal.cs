namespace MlNetDl.Metrics;

/// <summary>Which way a figure gets better.</summary>
public enum Goal
{
    /// <summary>The greater the better.</summary>
    Maximize,

    /// <summary>The smaller the better.</summary>
    Minimize,
}
