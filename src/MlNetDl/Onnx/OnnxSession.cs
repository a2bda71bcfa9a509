using Microsoft.ML.OnnxRuntime;

namespace MlNetDl.Onnx;

/// <summary>Makes ONNX Runtime sessions with this library's settings and errors.</summary>
internal static class OnnxSession
{
    public static InferenceSession Create(byte[] model, ScoringOptions options)
    {
        using var session = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        if (options.Threads is { } threads)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
            session.IntraOpNumThreads = threads;
        }

        // Waiting threads must not burn the cores that the host's own work, or other sessions, need.
        session.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        if (!options.ExecutionProvider.Equals("cpu", StringComparison.OrdinalIgnoreCase))
        {
            AppendProvider(session, options.ExecutionProvider);
        }

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
            throw new NotSupportedException($"ONNX Runtime's execution provider '{provider}' is not available here: {e.Message} Reference the ONNX Runtime package that brings it, " +
                $"or use 'cpu'. Available: {string.Join(", ", OrtEnv.Instance().GetAvailableProviders())}.", e);
        }
    }
}
