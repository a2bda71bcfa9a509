using Microsoft.ML.OnnxRuntime;
using MlNetDl.Files;

namespace MlNetDl.Onnx;

/// <summary>An ONNX Runtime session that is made when it is first used, may be used by many threads, and is freed when
/// the last of them has left.</summary>
/// <remarks>Freeing a native session under a running call would crash the process, so <see cref="Dispose"/> leaves that
/// to the last call.</remarks>
internal sealed class OnnxSession(byte[] model, ScoringOptions options, object owner) : IDisposable
{
    private readonly Lock gate = new();
    // Made with the session: the first call of the native library finds out whether it is there.
    private RunOptions? runOptions;
    private InferenceSession? session;
    private int users;
    private bool disposed;

    /// <summary>The session for one call; give it back by disposing of the lease.</summary>
    /// <exception cref="ObjectDisposedException">The owner was disposed of.</exception>
    /// <exception cref="ModelFormatException">ONNX Runtime cannot load the model.</exception>
    /// <exception cref="OnnxRuntimeNotFoundException">The native library is not there.</exception>
    /// <exception cref="NotSupportedException">The execution provider is not available.</exception>
    public Lease Use()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, owner);
            session ??= OnnxRuntimeSettings.CreateSession(model, options);
            runOptions ??= new();
            users++;
            return new(this);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            FreeIfUnused();
        }
    }

    private void Leave()
    {
        lock (gate)
        {
            users--;
            FreeIfUnused();
        }
    }

    private void FreeIfUnused()
    {
        if (disposed && users == 0)
        {
            session?.Dispose();
            session = null;
            runOptions?.Dispose();
            runOptions = null;
        }
    }

    /// <summary>The right to use the session until disposed of.</summary>
    public readonly ref struct Lease(OnnxSession owner)
    {
        public InferenceSession Session => owner.session!;

        public RunOptions RunOptions => owner.runOptions!;

        public void Dispose() => owner.Leave();
    }
}
