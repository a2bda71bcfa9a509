namespace MlNetDl.Configuration;

/// <summary>The one limit on how deep records nest in JSON and YAML.</summary>
internal static class RecordDepth
{
    /// <summary>Levels of a text: what nests most, a tree of 100 layers, takes two a layer, and something stands around it.</summary>
    public const int Limit = 256;

    /// <summary>What is said of a text that is deeper: what the catalog says whose components nest in themselves.</summary>
    public static string Problem => CatalogRegistry.All.Select(c => c.DepthProblem).FirstOrDefault(p => p is not null)
        ?? $"the text nests deeper than {Limit} levels.";
}
