using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using MlNetDl.Configuration;

namespace MlNetDl.Experiments;

/// <summary>The judges by name; open for a host's own.</summary>
public static class Judges
{
    /// <summary>All of them. A new one is one file and one line here.</summary>
    public static Catalog<Judge> All { get; } = new Catalog<Judge>("judge")
        .Register<LikelihoodJudge>("likelihood")
        .Register<ReconstructionJudge>("reconstruction")
        .Register<LinearProbe>()
        .Register<Outliers>()
        .Register<Sharpness>()
        .Register<NearestRows>()
        .Register<CodeClusters>("clusters")
        .Register<DisentanglementJudge>("disentanglement");

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Only this library knows when it is loaded; nothing is made yet.")]
    internal static void Register() => CatalogRegistry.Register(typeof(Judges));
}
