using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace MlNetDl.Search.Extensions.Tests.Parts;

/// <summary>What a host does once: from then on all of it can be named in YAML and in stores.</summary>
internal static class Registration
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Before any test reads a configuration or a store.")]
    internal static void Register()
    {
        SearchCatalogs.Samplers.Register<AroundTheBestSampler>();
        SearchCatalogs.Pruners.Register<FarFromMeanPruner>().Register<FirstReportPruner>();
    }
}
