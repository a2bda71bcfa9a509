namespace MlNetDl.Configuration;

/// <summary>The one limit on how deep records nest in JSON and YAML.</summary>
internal static class RecordDepth
{
    /// <summary>Levels of a text. A tree of 100 layers nests deepest: it takes two levels a layer, and some records
    /// stand around it.</summary>
    public const int Limit = 256;

    /// <summary>The message for a text that nests deeper. It comes from the catalog whose components contain each
    /// other.</summary>
    public static string Problem => CatalogRegistry.All.Select(c => c.DepthProblem).FirstOrDefault(p => p is not null)
        ?? $"the text nests deeper than {Limit} levels.";
}
