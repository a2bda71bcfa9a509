namespace MlNetDl.Search.Analysis;

/// <summary>Says how much each parameter matters. A record of pure data. One of one's own derives from it and gives its
/// amounts to <see cref="ParameterImportances.Normalized"/>.</summary>
public abstract record ImportanceEvaluator
{
    /// <summary>The importances of a study's parameters for one objective.</summary>
    /// <param name="history">The study.</param>
    /// <param name="objective">Which objective, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The study has no such objective.</exception>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public abstract ParameterImportances Evaluate(History history, int objective = 0);
}
