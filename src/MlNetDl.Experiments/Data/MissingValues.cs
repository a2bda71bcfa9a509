namespace MlNetDl.Experiments;

/// <summary>What becomes of a value that is not there. What takes its place is found from the training part, and is part of the saved model.</summary>
public enum MissingValues
{
    /// <summary>It is refused, with its line. A word that is not there is a category of its own.</summary>
    Error,

    /// <summary>Its row is left out, from training and test; how many were is said.</summary>
    Drop,

    /// <summary>The mean of the column. Words: as <see cref="Error"/>.</summary>
    Mean,

    /// <summary>The middle value of the column, which few strange values do not move. Words: as <see cref="Error"/>.</summary>
    Median,

    /// <summary>The value that is there most often; of equals the first one.</summary>
    Mode,

    /// <summary>The mean, and a further feature that is 1 where the value is not there: for values that are missing for a reason. Words: as
    /// <see cref="Error"/>.</summary>
    Indicator,
}
