using Microsoft.ML.OnnxRuntime;
using MlNetDl.Files;

namespace MlNetDl.Onnx;

/// <summary>Turns ONNX Runtime's telemetry off.</summary>
/// <remarks>
/// Its packages have it on: on Linux and macOS it keeps files below the user's home, uploads what sessions do,
/// and prints a warning where it cannot write. The variable <c>ORT_DISABLE_TELEMETRY</c> must be set before ONNX
/// Runtime starts, which reads it once. In a host that has started it before, and on Windows, only further
/// events can be stopped.
/// </remarks>
internal static class OnnxTelemetry
{
    private const string Variable = "ORT_DISABLE_TELEMETRY";

    // Once in a process: a host that turns it on again after that has its way.
    private static readonly Lazy<bool> Off = new(Disable);

    /// <summary>Turns it off, unless the user has set <c>ORT_DISABLE_TELEMETRY</c> to 0; to be called before a
    /// session is made.</summary>
    public static void TurnOff() => _ = Off.Value;

    private static bool Disable()
    {
        if (Environment.GetEnvironmentVariable(Variable)?.Trim() is "0" or "false")
        {
            return false;
        }

        NativeEnvironment.SetDefault(Variable, "1");
        OrtEnv.Instance().DisableTelemetryEvents();
        return true;
    }
}
