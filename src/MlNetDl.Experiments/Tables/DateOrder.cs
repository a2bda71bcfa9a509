namespace MlNetDl.Experiments;

/// <summary>Which number comes first in dates such as 03/04/2025.</summary>
public enum DateOrder
{
    /// <summary>The day: 3 April.</summary>
    DayFirst,

    /// <summary>The month: March 4th.</summary>
    MonthFirst,
}
