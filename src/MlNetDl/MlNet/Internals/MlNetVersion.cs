using System.Reflection;
using Microsoft.ML;

namespace MlNetDl.MlNet.Internals;

/// <summary>Makes sure, before any member of ML.NET's internals is touched, that the ML.NET at hand
/// has them all.</summary>
/// <remarks>
/// The builds that this library was made against are known by their modules' identities, so for them the check costs
/// nothing; reading the version's attribute would take 20 ms, as ML.NET's assemblies have hundreds of attributes.
/// With another build every member that this assembly uses is looked up once. A method that uses a missing member
/// cannot even be compiled, so whoever calls <see cref="Check()"/> keeps its own use of the internals in another
/// method that is not inlined.
/// </remarks>
internal static class MlNetVersion
{
    /// <summary>Identity of the supported version's Microsoft.ML.Core.</summary>
    internal static readonly Guid CoreBuild = new("5f41b6c2-9cfd-41bd-b05d-ff676be98818");

    /// <summary>Identity of the supported version's Microsoft.ML.Data.</summary>
    internal static readonly Guid DataBuild = new("d6e7eaf0-1ef1-46c8-bed0-781e42a8fc6e");

    private static readonly Lock Gate = new();
    private static bool suits;

    /// <summary>Checks the loaded ML.NET; costs nothing from the second time on.</summary>
    /// <exception cref="MlNetVersionException">It lacks members that are needed.</exception>
    public static void Check()
    {
        if (Volatile.Read(ref suits))
        {
            return;
        }

        lock (Gate)
        {
            Assembly core = typeof(ITransformer).Assembly, data = typeof(MLContext).Assembly;
            Check(
                IsKnown(core.ManifestModule.ModuleVersionId, data.ManifestModule.ModuleVersionId),
                RequiredMembers.Missing,
                () => [Found(core), Found(data)]);
            Volatile.Write(ref suits, true);
        }
    }

    /// <summary>Whether these are the builds of the supported version.</summary>
    internal static bool IsKnown(Guid core, Guid data) => core == CoreBuild && data == DataBuild;

    /// <summary>Looks for missing members unless the builds are known to have them.</summary>
    /// <param name="isKnown">Whether they are.</param>
    /// <param name="missing">Finds the members that are not there.</param>
    /// <param name="found">The assemblies with their versions.</param>
    internal static void Check(
        bool isKnown, Func<IReadOnlyList<string>> missing, Func<IReadOnlyList<(string Assembly, string Version)>> found)
    {
        if (!isKnown && missing() is { Count: > 0 } members)
        {
            throw new MlNetVersionException(found(), members);
        }
    }

    // ML.NET's assembly version is 1.0.0.0 throughout; the package's version is the informational one, with the commit
    // behind a plus sign.
    private static (string Assembly, string Version) Found(Assembly assembly) => (
        assembly.GetName().Name!,
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
            ?? "of unknown version");
}
