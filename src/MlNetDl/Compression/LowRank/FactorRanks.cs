namespace MlNetDl.Compression;

/// <summary>The ranks of a layer's factors; 0 for a dimension that stays whole, and so has no factor.</summary>
/// <param name="In">Of the input channels; 0 where the layer has two factors only.</param>
/// <param name="Out">Of the output channels, or the rank of two factors.</param>
internal sealed record FactorRanks(int In, int Out);
