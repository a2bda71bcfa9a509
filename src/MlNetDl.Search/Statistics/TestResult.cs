namespace MlNetDl.Search.Statistics;

/// <summary>Which deviation from "no difference" a test looks for.</summary>
public enum Alternative
{
    /// <summary>Either one.</summary>
    TwoSided,

    /// <summary>The first is greater, or the differences are above zero.</summary>
    Greater,

    /// <summary>The first is less, or the differences are below zero.</summary>
    Less,
}

/// <summary>How a rank test finds its p value.</summary>
public enum PValueMethod
{
    /// <summary>Exact where that is cheap, else normal.</summary>
    Auto,

    /// <summary>From the distribution over all signs or orders.</summary>
    Exact,

    /// <summary>From the normal distribution, corrected for ties and continuity.</summary>
    Normal,
}

/// <summary>The result of a statistical test.</summary>
/// <param name="Test">Its name.</param>
/// <param name="Statistic">Its statistic; the test says which.</param>
/// <param name="PValue">How often chance alone would give a result at least as extreme, 0 to 1.</param>
/// <param name="Count">How many pairs or values it rests on.</param>
public readonly record struct TestResult(string Test, double Statistic, double PValue, int Count);
