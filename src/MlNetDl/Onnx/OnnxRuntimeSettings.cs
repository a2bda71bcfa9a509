using Microsoft.ML.OnnxRuntime;
using MlNetDl.Files;

namespace MlNetDl.Onnx;

/// <summary>This library's settings of ONNX Runtime, and its errors in plain words.</summary>
internal static class OnnxRuntimeSettings
{
    public static InferenceSession CreateSession(byte[] model, ScoringOptions options, Action<SessionOptions>? more = null)
    {
        ExternalData.Refuse(model);
        Start();
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
        AppendProvider(session, options.ExecutionProvider);

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

    /// <summary>Why a provider cannot be used here; <see langword="null"/> where it can.</summary>
    public static NotSupportedException? ProblemOf(ScoringProvider provider)
    {
        Start();
        using var session = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        try
        {
            AppendProvider(session, provider);
            return null;
        }
        catch (NotSupportedException e)
        {
            return e;
        }
    }

    // The first use of ONNX Runtime in a process finds out whether its native library is there.
    private static void Start()
    {
        try
        {
            OnnxTelemetry.TurnOff();
            _ = OrtEnv.Instance();
        }
        catch (Exception e) when (OnnxRuntimeNotFoundException.Tells(e))
        {
            throw new OnnxRuntimeNotFoundException(e);
        }
    }

    private static void AppendProvider(SessionOptions session, ScoringProvider provider)
    {
        try
        {
            if (provider == ScoringProvider.Auto || provider == ScoringProvider.Cpu)
            {
                return;
            }

            if (provider == ScoringProvider.Cuda || provider.GpuDeviceId is not null)
            {
                session.AppendExecutionProvider_CUDA(provider.GpuDeviceId ?? 0);
            }
            else if (provider == ScoringProvider.Dml)
            {
                session.AppendExecutionProvider_DML();
            }
            else
            {
                session.AppendExecutionProvider(provider.Name);
            }
        }
        catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
        {
            throw new NotSupportedException(
                $"ONNX Runtime's execution provider '{provider}' is not available here: {e.Message} Reference the ONNX "
                    + "Runtime package that brings it (Microsoft.ML.OnnxRuntime.Gpu for cuda, Microsoft.ML.OnnxRuntime.DirectML for dml), "
                    + "or use 'cpu'. Available: "
                    + $"{string.Join(", ", OrtEnv.Instance().GetAvailableProviders())}.",
                e);
        }
    }
}
