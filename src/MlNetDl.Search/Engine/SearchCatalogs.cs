using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using MlNetDl.Configuration;
using MlNetDl.Search.Pruners;
using MlNetDl.Search.Samplers;

namespace MlNetDl.Search;

/// <summary>Samplers and trial pruners by name. A new one is one file and one line here; the contract suites
/// then check it.</summary>
public static class SearchCatalogs
{
    /// <summary>Components that propose parameters.</summary>
    public static Catalog<Sampler> Samplers { get; } = new Catalog<Sampler>("sampler")
        .Register<RandomSampler>("random")
        .Register<TpeSampler>("tpe")
        .Register<GridSampler>("grid")
        .Register<QuasiRandomSampler>("quasiRandom")
        .Register<CmaEsSampler>("cmaEs")
        .Register<Nsga2Sampler>("nsga2")
        .Register<GaussianProcessSampler>("gaussianProcess")
        .Register<PopulationBasedSampler>("populationBased");

    /// <summary>Components that stop trials that do badly.</summary>
    public static Catalog<TrialPruner> Pruners { get; } = new Catalog<TrialPruner>("pruner")
        .Register<NoPruner>("none")
        .Register<MedianPruner>("median")
        .Register<PercentilePruner>("percentile")
        .Register<SuccessiveHalvingPruner>("successiveHalving")
        .Register<HyperbandPruner>("hyperband")
        .Register<WilcoxonPruner>("wilcoxon")
        .Register<PatiencePruner>("patience")
        .Register<ThresholdPruner>("threshold");

    // Samplers and pruners have their JSON form before any code reads or writes them.
    [ModuleInitializer]
    [SuppressMessage(
        "Usage",
        "CA2255",
        Justification = "Only this library knows when it is loaded; the two registrations take microseconds.")]
    internal static void Register()
    {
        CatalogRegistry.Register(typeof(SearchCatalogs));
    }
}
