using System.Runtime.InteropServices;

namespace MlNetDl.Torch;

/// <summary>Where the native files of training are.</summary>
internal static class TorchFiles
{
    /// <summary>TorchSharp's own binary, which calls libtorch.</summary>
    public static string Wrapper =>
        OperatingSystem.IsWindows() ? "LibTorchSharp.dll" : OperatingSystem.IsMacOS() ? "libLibTorchSharp.dylib" : "libLibTorchSharp.so";

    private static string Torch =>
        OperatingSystem.IsWindows() ? "torch_cpu.dll" : OperatingSystem.IsMacOS() ? "libtorch_cpu.dylib" : "libtorch_cpu.so";

    /// <summary>The first needed file that is nowhere, or <see langword="null"/>.</summary>
    public static string? Missing() => Find(Torch) is null ? Torch : Find(Wrapper) is null ? Wrapper : null;

    /// <summary>The path of a library, or <see langword="null"/>.</summary>
    public static string? Find(string library) =>
        SearchFolders().Select(folder => Path.Combine(folder, library)).FirstOrDefault(File.Exists);

    /// <summary>Where the runtime looks for native libraries.</summary>
    public static IReadOnlyList<string> SearchFolders() =>
    [
        .. ((string?)AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
        AppContext.BaseDirectory,
        Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"),
    ];
}
