using Microsoft.ML.Runtime;
using MlNetDl.MlNet.Internals;
using MlNetDl.Onnx;
using MlNetDl.Torch;
using MlNetDl.Training;

namespace MlNetDl.MlNet;

/// <summary>What <c>MLContext.GpuDeviceId</c> and <c>MLContext.FallbackToCpu</c> mean for training and scoring: a CUDA device, unless the options of
/// either name the same. Without <c>GpuDeviceId</c> the options count alone.</summary>
internal static class ContextDevice
{
    /// <summary>The options of a training on the context's device.</summary>
    /// <param name="environment">The context.</param>
    /// <param name="options">The options.</param>
    /// <param name="tell">Is told that the CPU stands in.</param>
    /// <exception cref="ArgumentException">The options name another device.</exception>
    /// <exception cref="NotSupportedException">The device is not there, and the CPU may not stand in.</exception>
    public static TrainingOptions Training(IHostEnvironment environment, TrainingOptions options, Action<string> tell)
    {
        var (asked, fallback) = HostAccess.Gpu(environment);
        if (asked is not { } gpu)
        {
            return options;
        }

        if (options.Device == TrainingDevice.Cpu || (options.Device.GpuDeviceId ?? gpu) != gpu)
        {
            throw Conflict(gpu, $"Training.Device is {options.Device}", "TrainingDevice.Auto");
        }

        if (TorchSession.HasCuda(gpu))
        {
            return options with { Device = TrainingDevice.Gpu(gpu) };
        }

        Missing(gpu, fallback, $"libtorch finds no such CUDA device in this process. {TorchSession.NeedsCuda}", null, tell);
        return options with { Device = TrainingDevice.Cpu };
    }

    /// <summary>The options of a scorer on the context's device.</summary>
    /// <param name="environment">The context.</param>
    /// <param name="options">The options.</param>
    /// <param name="tell">Is told that the CPU stands in.</param>
    /// <exception cref="ArgumentException">The options name another provider.</exception>
    /// <exception cref="NotSupportedException">The device is not there, and the CPU may not stand in.</exception>
    public static ScoringOptions Scoring(IHostEnvironment environment, ScoringOptions options, Action<string> tell)
    {
        var (asked, fallback) = HostAccess.Gpu(environment);
        if (asked is not { } gpu)
        {
            return options;
        }

        var own = options.ExecutionProvider;
        if (own != ScoringProvider.Auto && own != ScoringProvider.Cuda && own.GpuDeviceId != gpu)
        {
            throw Conflict(gpu, $"ScoringOptions.ExecutionProvider is {own}", "ScoringProvider.Auto");
        }

        if (OnnxRuntimeSettings.ProblemOf(ScoringProvider.Gpu(gpu)) is not { } problem)
        {
            return options with { ExecutionProvider = ScoringProvider.Gpu(gpu) };
        }

        Missing(gpu, fallback, problem.Message, problem, tell);
        return options with { ExecutionProvider = ScoringProvider.Cpu };
    }

    private static ArgumentException Conflict(int gpu, string own, string auto) => new(
        $"MLContext.GpuDeviceId is {gpu}, but {own}; let both name the same device, or leave one unset ({auto}).");

    private static void Missing(int gpu, bool fallback, string problem, Exception? reason, Action<string> tell)
    {
        if (!fallback)
        {
            throw new NotSupportedException($"MLContext.GpuDeviceId is {gpu}, but {problem} Or set MLContext.FallbackToCpu.", reason);
        }

        tell($"MLContext.GpuDeviceId is {gpu}, but {problem} The CPU stands in (MLContext.FallbackToCpu).");
    }
}
