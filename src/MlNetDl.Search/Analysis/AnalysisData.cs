using MlNetDl.Search.Analysis.Plots;
using OxyPlot;

namespace MlNetDl.Search.Analysis;

/// <summary>What one analysis of a study found: data with a table and a plot.</summary>
public abstract record AnalysisData
{
    /// <summary>The data as a table.</summary>
    public abstract AnalysisTable ToTable();

    /// <summary>The table as comma-separated values; see <see cref="AnalysisTable.ToCsv"/>.</summary>
    public string ToCsv() => ToTable().ToCsv();

    /// <summary>The table as JSON; see <see cref="AnalysisTable.ToJson"/>.</summary>
    public string ToJson() => ToTable().ToJson();

    /// <summary>The plot as a scalable picture that follows the reader's light or dark mode. The same data give the same bytes.</summary>
    /// <param name="width">Its width in pixels; 200 or more, 520 by default.</param>
    /// <param name="height">Its height in pixels; 150 or more, 340 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is too small to draw in.</exception>
    public string ToSvg(int width = 520, int height = 340) => PlotSvg.Document(ToPlot(), width, height);

    /// <summary>The plot, or <see langword="null"/> where there is nothing to draw yet.</summary>
    internal abstract PlotModel? ToPlot();
}
