namespace MlNetDl.Experiments.Search;

/// <summary>Which values of an objective are better.</summary>
public enum Direction
{
    /// <summary>Smaller ones.</summary>
    Minimize,

    /// <summary>Larger ones.</summary>
    Maximize,
}
