namespace MlNetDl.Search.Analysis;

/// <summary>The result of one analysis of a study: data with a table, and a plot
/// (<see cref="AnalysisPlots"/>).</summary>
/// <remarks>A closed kind: each has a plot, and the library that draws is no part of the public surface.
/// An analysis of one's own is any function of a <see cref="History"/>; how much parameters matter is an
/// open kind (<see cref="ImportanceEvaluator"/>).</remarks>
public abstract record AnalysisData
{
    private protected AnalysisData()
    {
    }

    /// <summary>The data as a table.</summary>
    public abstract AnalysisTable ToTable();

    /// <summary>The table as comma-separated values; see <see cref="AnalysisTable.ToCsv"/>.</summary>
    public string ToCsv() => ToTable().ToCsv();

    /// <summary>The table as JSON; see <see cref="AnalysisTable.ToJson"/>.</summary>
    public string ToJson() => ToTable().ToJson();
}
