using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.ML;

namespace MlNetDl.MlNet.Internals;

/// <summary>Makes sure, before any member of ML.NET's internals is touched, that the ML.NET at hand has them all.</summary>
/// <remarks>
/// Where it is the version that this library was built against, that is one look at two attributes. With another version every member that this assembly uses is looked up once. A method
/// that uses a missing member cannot even be compiled, so whoever calls <see cref="Check()"/> keeps its own use of the internals in another method that is not inlined.
/// </remarks>
internal static class MlNetVersion
{
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
            Check([Found(typeof(ITransformer).Assembly), Found(typeof(MLContext).Assembly)], RequiredMembers.Missing);
            Volatile.Write(ref suits, true);
        }
    }

    /// <summary>Looks for missing members unless all assemblies are of the version that is known to have them.</summary>
    /// <param name="found">The assemblies with their versions.</param>
    /// <param name="missing">Finds the members that are not there.</param>
    internal static void Check(IReadOnlyList<(string Assembly, string Version)> found, Func<IReadOnlyList<string>> missing)
    {
        if (found.All(f => f.Version == MlNetVersionException.Supported))
        {
            return;
        }

        if (missing() is { Count: > 0 } members)
        {
            throw new MlNetVersionException(found, members);
        }
    }

    // ML.NET's assembly version is 1.0.0.0 throughout; the package's version is the informational one, with the commit behind a plus sign.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (string Assembly, string Version) Found(Assembly assembly) =>
        (assembly.GetName().Name!, assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "of unknown version");
}
