using System.Globalization;
using System.Text.Json.Serialization;
using MlNetDl.Configuration;

namespace MlNetDl.Torch;

/// <summary>The device that a training runs on. In C# a member of this type or its text, in files its text: <c>auto</c>, <c>cpu</c>, <c>cuda</c> or
/// <c>cuda:1</c>.</summary>
[JsonConverter(typeof(TrainingDeviceJson))]
public sealed record TrainingDevice
{
    private const string CudaName = "cuda";

    private TrainingDevice(string name, int? gpu = null) => (Name, GpuDeviceId) = (name, gpu);

    /// <summary>CUDA where it is there, else the CPU.</summary>
    public static TrainingDevice Auto { get; } = new("auto");

    /// <summary>The CPU.</summary>
    public static TrainingDevice Cpu { get; } = new("cpu");

    /// <summary>The first CUDA device; a training fails where there is none.</summary>
    public static TrainingDevice Cuda { get; } = new(CudaName);

    /// <summary>The text in files.</summary>
    public string Name { get; }

    /// <summary>The number of the CUDA device from 0; <see langword="null"/> where none is named.</summary>
    public int? GpuDeviceId { get; }

    /// <summary>A CUDA device by its number.</summary>
    /// <param name="gpuDeviceId">The number, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 0.</exception>
    public static TrainingDevice Gpu(int gpuDeviceId)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(gpuDeviceId);
        return new(string.Create(CultureInfo.InvariantCulture, $"{CudaName}:{gpuDeviceId}"), gpuDeviceId);
    }

    /// <summary>Reads the text, in any case.</summary>
    /// <param name="name"><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>.</param>
    /// <exception cref="ArgumentException">It is another text.</exception>
    public static TrainingDevice Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var known = ((TrainingDevice[])[Auto, Cpu, Cuda]).FirstOrDefault(d => d.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return known
            ?? (name.StartsWith($"{CudaName}:", StringComparison.OrdinalIgnoreCase)
                && int.TryParse(name.AsSpan(CudaName.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int gpu)
                ? Gpu(gpu)
                : throw new ArgumentException($"training.device must be auto, cpu, cuda or cuda:1 (or another number) but is '{name}'.", nameof(name)));
    }

    /// <summary>Reads the text, as <see cref="Parse"/> does.</summary>
    /// <param name="name">The text.</param>
    public static implicit operator TrainingDevice(string name) => Parse(name);

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>A device as its text.</summary>
internal sealed class TrainingDeviceJson() : TextJson<TrainingDevice>("auto, cpu, cuda or cuda:1 (or another number)", "^(auto|cpu|cuda|cuda:[0-9]+)$")
{
    protected override TrainingDevice Parse(string text) => TrainingDevice.Parse(text);
}
