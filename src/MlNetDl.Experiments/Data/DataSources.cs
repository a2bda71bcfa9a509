using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using MlNetDl.Configuration;

namespace MlNetDl.Experiments;

/// <summary>The kinds of data by name; open for a host's own.</summary>
public static class DataSources
{
    /// <summary>All of them. A new kind is one file and one line here.</summary>
    public static Catalog<DataSource> All { get; } = new Catalog<DataSource>("source", toldByKey: true, today: EarlierData.Today)
        .Register<NamedDataset>("dataset").Register<ImageFolderData>("folder").Register<ImageListData>("imageList")
        .Register<CsvData>("csv").Register<CodesData>("codes");

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Only this library knows when it is loaded; nothing is made yet.")]
    internal static void Register() => CatalogRegistry.Register(typeof(DataSources));
}
