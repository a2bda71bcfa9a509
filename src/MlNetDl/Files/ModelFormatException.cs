namespace MlNetDl.Files;

/// <summary>A saved model cannot be read: truncated, tampered with, of a newer format, or something else
/// altogether.</summary>
public sealed class ModelFormatException : IOException
{
    /// <inheritdoc/>
    public ModelFormatException(string message) : base(message)
    {
    }

    /// <inheritdoc/>
    public ModelFormatException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
