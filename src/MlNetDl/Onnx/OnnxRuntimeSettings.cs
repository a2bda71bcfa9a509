using Microsoft.ML.OnnxRuntime;
using MlNetDl.Files;

namespace MlNetDl.Onnx;

/// <summary>This library's settings of ONNX Runtime, and its errors in plain words.</summary>
internal static class OnnxRuntimeSettings
{
    public static InferenceSession CreateSession(byte[] model, ScoringOptions options, Action<SessionOptions>? more = null)
    {
        ExternalData.Refuse(model);
        OnnxTelemetry.TurnOff();
        using var session = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        if (options.Threads is { } threads)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
            session.IntraOpNumThreads = threads;
        }

        // By default idle worker threads spin for a while: cores that the host's own work, and other sessions, need.
        session.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        if (!options.ExecutionProvider.Equals("cpu", StringComparison.OrdinalIgnoreCase))
        {
            AppendProvider(session, options.ExecutionProvider);
        }

        more?.Invoke(session);
        try
        {
            return new(model, session);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelFormatException($"ONNX Runtime cannot load the model: {e.Message}", e);
        }
    }

    private static void AppendProvider(SessionOptions session, string provider)
    {
        try
        {
            switch (provider.ToLowerInvariant())
            {
                case "cuda":
                    session.AppendExecutionProvider_CUDA();
                    break;
                case "dml":
                    session.AppendExecutionProvider_DML();
                    break;
                default:
                    session.AppendExecutionProvider(provider);
                    break;
            }
        }
        catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
        {
            throw new NotSupportedException(
                $"ONNX Runtime's execution provider '{provider}' is not available here: {e.Message} Reference the ONNX "
                    + "Runtime package that brings it, or use 'cpu'. Available: "
                    + $"{string.Join(", ", OrtEnv.Instance().GetAvailableProviders())}.",
                e);
        }
    }
}
