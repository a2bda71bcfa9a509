using MlNetDl.Models;

namespace MlNetDl.Recipes;

/// <summary>The file that <see cref="Networks.NetworkSpec.From"/> names.</summary>
internal static class StartFile
{
    /// <summary>Reads it.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="Files.ModelFormatException">The file is no model, or is damaged.</exception>
    /// <exception cref="ArgumentException">It is a file of another kind.</exception>
    public static ModelPackage Read(string path) => Path.GetExtension(path).Equals(".zip", StringComparison.OrdinalIgnoreCase)
        ? ModelFile.Read(path)
        : throw new ArgumentException($"network.from is '{path}', but it takes a model that was saved by this library, a .zip.");
}
