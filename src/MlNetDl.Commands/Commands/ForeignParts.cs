using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace MlNetDl.Commands;

/// <summary>Assemblies with parts of a user's own: their module initializers register what can then be
/// named in files.</summary>
/// <remarks>Only the command line names them. A file must not choose what code runs.</remarks>
internal static class ForeignParts
{
    /// <summary>Loads one, and what it needs from beside it.</summary>
    /// <exception cref="UsageException">There is no such assembly, or it cannot be loaded here.</exception>
    public static void Load(string path)
    {
        var full = Path.GetFullPath(path);
        if (!File.Exists(full))
        {
            throw new UsageException($"--load '{path}': there is no such file; name the .dll that your project builds.");
        }

        try
        {
            var beside = new AssemblyDependencyResolver(full);
            AssemblyLoadContext.Default.Resolving += (context, name) =>
                beside.ResolveAssemblyToPath(name) is { } found ? context.LoadFromAssemblyPath(found) : null;
            RuntimeHelpers.RunModuleConstructor(AssemblyLoadContext.Default.LoadFromAssemblyPath(full).ManifestModule.ModuleHandle);
        }
        catch (TypeInitializationException e)
        {
            var reason = e.GetBaseException();
            throw new UsageException($"--load '{path}': its module initializer failed, so its parts are not registered. "
                + $"{reason.GetType().Name}: {reason.Message}");
        }
        catch (FileLoadException) when (Namesake(full) is var (name, place))
        {
            throw new UsageException($"--load '{path}': an assembly of the name '{name}' runs here already, from '{place}'; load one "
                + "of the two.");
        }
        catch (Exception e) when (e is BadImageFormatException or FileLoadException or InvalidOperationException)
        {
            throw new UsageException(
                $"--load '{path}' cannot be loaded: {e.Message} Expected a .NET assembly that "
                    + "was built with the packages of this version and registers its parts in a module initializer.");
        }
    }

    private static (string Name, string Place)? Namesake(string path)
    {
        var name = AssemblyName.GetAssemblyName(path).Name!;
        var loaded = AssemblyLoadContext.Default.Assemblies.FirstOrDefault(a => a.GetName().Name == name);
        return loaded is null ? null : (name, PlaceOf(loaded));
    }

    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "The program itself is the place of what is in its file.")]
    private static string PlaceOf(Assembly assembly) => assembly.Location is { Length: > 0 } file ? file : AppContext.BaseDirectory;
}
