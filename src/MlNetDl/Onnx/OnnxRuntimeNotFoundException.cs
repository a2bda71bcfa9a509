using Microsoft.ML.OnnxRuntime;

namespace MlNetDl.Onnx;

/// <summary>Scoring needs the native library of ONNX Runtime, and it is not beside the application, or is of a version that does not suit.</summary>
public sealed class OnnxRuntimeNotFoundException : DllNotFoundException
{
    internal OnnxRuntimeNotFoundException(Exception reason) : base(
        $"Scoring needs the native library of ONNX Runtime, which does not load beside {AppContext.BaseDirectory}: "
            + $"{reason.GetBaseException().Message.Split('\n')[0].TrimEnd()} Let the application reference one of the packages Microsoft.ML.OnnxRuntime (CPU), "
            + $"Microsoft.ML.OnnxRuntime.Gpu (NVIDIA GPU) and Microsoft.ML.OnnxRuntime.DirectML (Windows), version {Version}.",
        reason)
    {
    }

    /// <summary>What the runtime says where the native library is missing, has no such entry, or is older than the managed part.</summary>
    internal static bool Tells(Exception exception) => exception.GetBaseException()
        is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException or NullReferenceException;

    // The managed part is the one that this library was made for, or a newer one.
    private static string Version => typeof(InferenceSession).Assembly.GetName().Version?.ToString(3) ?? "of that library";
}
