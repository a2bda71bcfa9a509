namespace MlNetDl.Layers.Contracts;

/// <summary>A layer was given an input it cannot take. The message says where, what was expected, what came, and
/// what to do.</summary>
public sealed class ShapeException : Exception
{
    /// <summary>An error whose place is not known yet; the walk that called the layer adds it with
    /// <see cref="At"/>.</summary>
    public ShapeException(string message) : base(message)
    {
    }

    /// <inheritdoc/>
    public ShapeException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>An error without a message.</summary>
    public ShapeException()
    {
    }

    /// <summary>The same error, with the path of the layer in front.</summary>
    public ShapeException At(string path) => new($"{(path.Length == 0 ? "network" : path)}: {Message}", this);
}
