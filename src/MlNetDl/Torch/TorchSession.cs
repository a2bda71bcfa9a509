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

    /// <summary>The device of that name: <c>auto</c> takes CUDA where it is there, else the CPU.</summary>
    /// <exception cref="ArgumentException">The name is none of <c>auto</c>, <c>cpu</c> and <c>cuda</c>.</exception>
    /// <exception cref="NotSupportedException">CUDA is asked for and not there.</exception>
    public static Device Device(string name)
    {
        var known = name.ToLowerInvariant();
        if (known is not ("auto" or "cpu" or "cuda"))
        {
            throw new ArgumentException($"training.device must be auto, cpu or cuda but is '{name}'.");
        }

        bool takesCuda = known != "cpu" && cuda.is_available();
        if (known == "cuda" && !takesCuda)
        {
            throw new NotSupportedException("training.device is 'cuda', but this process has no CUDA device: build with "
                + "TorchBackend=cuda-linux or cuda-windows on a machine with an NVIDIA GPU, or use 'auto'.");
        }

        return takesCuda ? CUDA : CPU;
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
