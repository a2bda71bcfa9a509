using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Torch;

/// <summary>A turn at libtorch: its random generator and thread count belong to the whole process, so trainings in one
/// process take turns.</summary>
/// <remarks>Enter, train, dispose, on one thread. Entering again on the same thread is allowed.</remarks>
public sealed class TorchSession : IDisposable
{
    private static readonly object Gate = new();
    private readonly int threadsBefore;
    private bool disposed;

    private TorchSession(int threadsBefore) => this.threadsBefore = threadsBefore;

    /// <summary>Waits for the turn, makes sure that libtorch is there, seeds it and sets its threads.</summary>
    /// <param name="seed">Seed of torch's generator; <see langword="null"/> leaves it as it stands.</param>
    /// <param name="threads">Threads of an operation; <see langword="null"/> leaves torch's own choice,
    /// the physical cores.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is below 1.</exception>
    /// <exception cref="TorchNotFoundException">libtorch is not beside the application.</exception>
    public static TorchSession Enter(int? seed = null, int? threads = null, CancellationToken stop = default)
    {
        // libtorch ends the process for less.
        ArgumentOutOfRangeException.ThrowIfLessThan(threads ?? 1, 1, nameof(threads));
        NativeBootstrap.Ensure();
        while (!Monitor.TryEnter(Gate, millisecondsTimeout: 50))
        {
            stop.ThrowIfCancellationRequested();
        }

        try
        {
            var session = new TorchSession(get_num_threads());
            if (threads is { } count)
            {
                set_num_threads(count);
            }

            if (seed is { } value)
            {
                manual_seed(value);
            }

            return session;
        }
        catch (Exception e)
        {
            // A turn that did not begin must end, or every later training would wait for it.
            Monitor.Exit(Gate);
            if (e is TypeInitializationException { InnerException: TorchNotFoundException missing })
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(missing);
            }

            throw;
        }
    }

    /// <summary>The packages that bring CUDA.</summary>
    public const string NeedsCuda = "On a machine with an NVIDIA GPU, reference the package TorchSharp-cuda-linux or TorchSharp-cuda-windows in place of "
        + "libtorch-cpu-….";

    /// <summary>The device of that name: <c>auto</c> takes CUDA where it is there, else the CPU.</summary>
    /// <exception cref="NotSupportedException">A CUDA device is asked for and not there.</exception>
    public static Device Device(TrainingDevice device)
    {
        int gpu = device.GpuDeviceId ?? 0;
        bool takesCuda = device != TrainingDevice.Cpu && cuda.is_available();
        if (device != TrainingDevice.Auto && device != TrainingDevice.Cpu && (!takesCuda || gpu >= cuda.device_count()))
        {
            throw new NotSupportedException($"training.device is '{device}', but this process has "
                + $"{(takesCuda ? $"{cuda.device_count()} CUDA devices, counted from 0" : "no CUDA device")}. {NeedsCuda} Or use 'auto'.");
        }

        return !takesCuda ? CPU : device.GpuDeviceId is null ? CUDA : new(DeviceType.CUDA, gpu);
    }

    /// <summary>Whether there is a CUDA device of that number.</summary>
    /// <exception cref="TorchNotFoundException">libtorch is not there.</exception>
    public static bool HasCuda(int gpu)
    {
        NativeBootstrap.Ensure();
        return cuda.is_available() && gpu >= 0 && gpu < cuda.device_count();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!disposed)
        {
            disposed = true;
            set_num_threads(threadsBefore);
            Monitor.Exit(Gate);
        }
    }
}
