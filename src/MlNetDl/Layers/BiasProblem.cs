using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Layers;

/// <summary>Problems of the settings of a layer's bias.</summary>
internal static class BiasProblem
{
    /// <summary>An initializer of a bias that is left out.</summary>
    public static IEnumerable<RecordProblem> Of(bool bias, Initializer? init) => bias || init is null
        ? []
        : [new("biasInit", "fills the bias, but bias is false; leave one of the two out.")];
}
