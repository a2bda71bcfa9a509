using System.Globalization;

namespace MlNetDl.Onnx;

/// <summary>ONNX Runtime's execution provider, a member of this type or its text: <c>auto</c>, <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>, <c>dml</c>, or
/// the name of another one that the host's ONNX Runtime package brings.</summary>
public sealed record ScoringProvider
{
    private const string CudaName = "cuda";

    private ScoringProvider(string name, int? gpu = null) => (Name, GpuDeviceId) = (name, gpu);

    /// <summary>The CPU, or the GPU that the host's <c>MLContext.GpuDeviceId</c> names.</summary>
    public static ScoringProvider Auto { get; } = new("auto");

    /// <summary>The CPU.</summary>
    public static ScoringProvider Cpu { get; } = new("cpu");

    /// <summary>The first CUDA device; the host's application references <c>Microsoft.ML.OnnxRuntime.Gpu</c>.</summary>
    public static ScoringProvider Cuda { get; } = new(CudaName);

    /// <summary>DirectML on Windows; the host's application references <c>Microsoft.ML.OnnxRuntime.DirectML</c>.</summary>
    public static ScoringProvider Dml { get; } = new("dml");

    /// <summary>The text.</summary>
    public string Name { get; }

    /// <summary>The number of the CUDA device from 0; <see langword="null"/> where none is named.</summary>
    public int? GpuDeviceId { get; }

    /// <summary>A CUDA device by its number.</summary>
    /// <param name="gpuDeviceId">The number, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 0.</exception>
    public static ScoringProvider Gpu(int gpuDeviceId)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(gpuDeviceId);
        return new(string.Create(CultureInfo.InvariantCulture, $"{CudaName}:{gpuDeviceId}"), gpuDeviceId);
    }

    /// <summary>Reads the text. A name that is not known here is ONNX Runtime's to know.</summary>
    /// <param name="name">The text, in any case.</param>
    /// <exception cref="ArgumentException">It is empty, or names a CUDA device by no number.</exception>
    public static ScoringProvider Parse(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var known = ((ScoringProvider[])[Auto, Cpu, Cuda, Dml]).FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (known is not null || !name.StartsWith($"{CudaName}:", StringComparison.OrdinalIgnoreCase))
        {
            return known ?? new(name);
        }

        return int.TryParse(name.AsSpan(CudaName.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int gpu)
            ? Gpu(gpu)
            : throw new ArgumentException($"The execution provider is '{name}'; expected the number of a CUDA device, as in cuda:1.", nameof(name));
    }

    /// <summary>Reads the text, as <see cref="Parse"/> does.</summary>
    /// <param name="name">The text.</param>
    public static implicit operator ScoringProvider(string name) => Parse(name);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
