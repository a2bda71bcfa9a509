namespace MlNetDl.Search.Analysis;

/// <summary>What one analysis of a study found: data with a table, and a plot (<see cref="AnalysisPlots"/>).</summary>
public abstract record AnalysisData
{
    // Each has a plot, which is drawn from here.
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
