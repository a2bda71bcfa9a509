using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MlNetDl.MlNet.Internals;

/// <summary>What of an ML.NET environment has no public way.</summary>
internal static class HostAccess
{
    public static IHostEnvironment Environment(TrainCatalogBase.CatalogInstantiatorBase trainers) => CatalogUtils.GetEnvironment(trainers);

    /// <summary>The seed that the <see cref="MLContext"/> was made with.</summary>
    public static int? Seed(IHostEnvironment environment) => (environment as IHostEnvironmentInternal)?.Seed;

    /// <summary>Throws when the context was cancelled.</summary>
    public static void CheckAlive(IHostEnvironment environment) => environment.CheckAlive();

    public static SchemaShape.Column Column(string name, SchemaShape.Column.VectorKind kind, DataViewType itemType, bool isKey, SchemaShape? annotations = null) =>
        annotations is null ? new(name, kind, itemType, isKey) : new(name, kind, itemType, isKey, annotations);
}
