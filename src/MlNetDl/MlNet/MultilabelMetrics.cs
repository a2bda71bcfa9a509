using MlNetDl.Metrics;

namespace MlNetDl.MlNet;

/// <summary>Figures of a model that predicts several labels a row.</summary>
/// <param name="Rows">Rows that were compared; those without a label column's value are left out.</param>
/// <param name="Labels">Each label: its rows, precision, recall and F1, in the label's order.</param>
/// <param name="MicroF1">F1 of all answers together, 0 to 1.</param>
/// <param name="MacroF1">The mean of the labels' F1, 0 to 1; a label that is neither there nor predicted has 0.</param>
/// <param name="MeanAveragePrecision">The mean of the labels' average precision, 0 to 1, over those that rows have; it needs no threshold.</param>
/// <param name="HammingLoss">Share of wrong answers, 0 at best.</param>
/// <param name="SubsetAccuracy">Share of rows that are right in all labels, 0 to 1.</param>
/// <param name="LogLoss">Mean of −ln p of the right answers, in nats.</param>
/// <remarks>A score that is NaN makes F1, average precision and log loss NaN, because a model that fails on rows must not look better for it.</remarks>
public sealed record MultilabelMetrics(
    long Rows,
    IReadOnlyList<ClassReport> Labels,
    double MicroF1,
    double MacroF1,
    double MeanAveragePrecision,
    double HammingLoss,
    double SubsetAccuracy,
    double LogLoss);
