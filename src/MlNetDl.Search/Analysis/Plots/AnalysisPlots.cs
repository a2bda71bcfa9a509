using MlNetDl.Search.Analysis.Plots;
using OxyPlot;

namespace MlNetDl.Search.Analysis;

/// <summary>Plots of analyses.</summary>
public static class AnalysisPlots
{
    /// <summary>The plot as a scalable picture that follows the reader's light or dark mode. The same data give
    /// the same bytes.</summary>
    /// <param name="data">What is drawn.</param>
    /// <param name="width">Its width in pixels; 200 or more, 520 by default.</param>
    /// <param name="height">Its height in pixels; 150 or more, 340 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is too small to draw in.</exception>
    public static string ToSvg(this AnalysisData data, int width = 520, int height = 340) => PlotSvg.Document(Draw(data), width, height);

    /// <summary>The plot, or <see langword="null"/> where there is nothing to draw yet.</summary>
    internal static PlotModel? Draw(AnalysisData data) => data switch
    {
        Contour found => ContourPlot.Draw(found),
        EmpiricalDistribution found => DistributionPlot.Draw(found),
        IntermediateValues found => IntermediatePlot.Draw(found),
        OptimizationHistory found => HistoryPlot.Draw(found),
        ParallelCoordinates found => ParallelPlot.Draw(found),
        ParameterImportances found => ImportancePlot.Draw(found),
        ParetoFront found => ParetoPlot.Draw(found),
        Ranks found => RanksPlot.Draw(found),
        Slice found => SlicePlot.Draw(found),
        Timeline found => TimelinePlot.Draw(found),
        _ => throw new NotSupportedException($"There is no plot of {data.GetType().Name}."),
    };
}
