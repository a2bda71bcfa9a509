using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using MlNetDl.Configuration;

namespace MlNetDl.Extensions.Tests.Seams;

/// <summary>Makes the components of these tests known by name, as a library does for its own.</summary>
internal static class SeamCatalog
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Saved models and configurations name these components.")]
    internal static void Register()
    {
        Catalogs.Stages.Register<SeamDistilled>().Register<SeamQuantised>()
            .Register<SeamFollowed>().Register<SeamWorks>().Register<SeamWrongWork>().Register<SeamTrainsThenFollows>();
        Catalogs.Networks.Register<SeamGan>().Register<SeamDetector>();
        Catalogs.Losses.Register<SeamSpotLoss>();
        Catalogs.Steps.Register<SeamGanTraining>();
        Catalogs.Tasks.Register<SeamDetection>().Register<SeamNextToken>();
        Catalogs.Layers.Register<SeamLstm>().Register<SeamPaddingMask>().Register<SeamSumOverTime>()
            .Register<SeamBrightSpots>().Register<SeamHardRows>().Register<SeamMergeRows>();
    }
}
