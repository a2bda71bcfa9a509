using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MlNetDl.MlNet.Internals;

/// <summary>The parts of an ML.NET environment that have no public way.</summary>
/// <remarks>Nothing here is inlined: its callers must compile even where a member is missing, for
/// <see cref="MlNetVersion.Check()"/> to say so.</remarks>
internal static class HostAccess
{
    /// <summary>The environment of a catalog: the way into every trainer, so it is here that another
    /// ML.NET is noticed.</summary>
    /// <exception cref="MlNetVersionException">ML.NET lacks members that are needed.</exception>
    public static IHostEnvironment Environment(TrainCatalogBase.CatalogInstantiatorBase trainers)
    {
        MlNetVersion.Check();
        return Of(trainers);
    }

    /// <summary>The environment of the catalog of transforms.</summary>
    /// <exception cref="MlNetVersionException">ML.NET lacks members that are needed.</exception>
    public static IHostEnvironment Environment(TransformsCatalog transforms)
    {
        MlNetVersion.Check();
        return Of(transforms);
    }

    /// <summary>The seed that the <see cref="MLContext"/> was made with.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int? Seed(IHostEnvironment environment) => (environment as IHostEnvironmentInternal)?.Seed;

    /// <summary>The GPU that the context asks for, and whether the CPU may stand in for it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static (int? GpuDeviceId, bool FallbackToCpu) Gpu(IHostEnvironment environment) =>
        environment is IHostEnvironmentInternal own ? (own.GpuDeviceId, own.FallbackToCpu) : (null, true);

    /// <summary>Throws when the context was cancelled.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void CheckAlive(IHostEnvironment environment) => environment.CheckAlive();

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static SchemaShape.Column Column(
        string name,
        SchemaShape.Column.VectorKind kind,
        DataViewType itemType,
        bool isKey,
        SchemaShape? annotations = null) =>
        annotations is null ? new(name, kind, itemType, isKey) : new(name, kind, itemType, isKey, annotations);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static IHostEnvironment Of(TrainCatalogBase.CatalogInstantiatorBase trainers) => CatalogUtils.GetEnvironment(trainers);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static IHostEnvironment Of(TransformsCatalog transforms) => CatalogUtils.GetEnvironment(transforms);
}
