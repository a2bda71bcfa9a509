using System.Reflection;
using System.Runtime.InteropServices;

namespace MlNetDl.Torch;

/// <summary>Training needs libtorch, and it is not beside the application or does not load. Scoring does
/// not need it.</summary>
public sealed class TorchNotFoundException : DllNotFoundException
{
    internal TorchNotFoundException(string library, IEnumerable<string> searched) : base(
        $"Training needs libtorch, but '{library}' was not found in: "
            + $"{string.Join(", ", searched.Select(Path.TrimEndingDirectorySeparator).Distinct())}. Add one "
            + $"package to the application: {Package}, version {Version("Libtorch")} (CPU), or "
            + $"TorchSharp-cuda-windows / TorchSharp-cuda-linux, version {Version("TorchSharp")} (NVIDIA GPU). "
            + "Scoring saved models needs none of them.")
    {
    }

    internal TorchNotFoundException(string path, Exception reason) : base(
            $"Training needs libtorch. Its files are there, but the system's loader refuses '{path}': "
                + $"{reason.Message.Trim()} Scoring saved models does not need it.",
            reason)
    {
    }

    private static string Package => OperatingSystem.IsWindows() ? "libtorch-cpu-win-x64"
        : OperatingSystem.IsMacOS() ? "libtorch-cpu-osx-arm64"
        : RuntimeInformation.ProcessArchitecture == Architecture.X64 ? "libtorch-cpu-linux-x64"
        : $"libtorch-cpu-linux-x64 (there is none for {RuntimeInformation.ProcessArchitecture})";

    // Stated once, where the build has its packages from.
    internal static string Version(string package) =>
        typeof(TorchNotFoundException).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(a => a.Key == $"{package}Version").Value!;
}
