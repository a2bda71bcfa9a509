using System.Text.Json.Serialization;

namespace MlNetDl.Metrics;

/// <summary>One class of a classification: how many rows it has, and how well they are found.</summary>
/// <param name="Name">The class's name.</param>
/// <param name="Rows">Rows of this class, its support.</param>
/// <param name="Predicted">Rows for which it is predicted.</param>
/// <param name="Precision">Share of the predicted rows that are of the class, 0 to 1; <see langword="null"/> where it is never
/// predicted.</param>
/// <param name="Recall">Share of the class's rows that are found, 0 to 1; <see langword="null"/> where it has no rows.</param>
/// <param name="F1">The harmonic mean of both; <see langword="null"/> where it is neither there nor predicted.</param>
public sealed record ClassReport(
    string Name,
    long Rows,
    long Predicted,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Precision,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Recall,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? F1);

/// <summary>A pair of classes of which one was taken for the other.</summary>
/// <param name="Truth">The true class.</param>
/// <param name="Predicted">The predicted class, another one.</param>
/// <param name="Rows">Rows, 1 or more.</param>
public sealed record ConfusedClasses(string Truth, string Predicted, long Rows);
