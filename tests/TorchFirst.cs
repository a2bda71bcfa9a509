using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

/// <summary>A test may touch torch before the library: its native loading must be in place before.</summary>
internal static class TorchFirst
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Must precede the first use of torch.")]
    internal static void Install() => MlNetDl.Torch.NativeBootstrap.Install();
}
