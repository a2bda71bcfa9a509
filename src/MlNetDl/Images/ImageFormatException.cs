namespace MlNetDl.Images;

/// <summary>An image cannot be read: damaged, of an unknown format, or unreasonably large.</summary>
public sealed class ImageFormatException : IOException
{
    internal ImageFormatException(string name, string problem) : base($"Image '{name}': {problem}")
    {
    }
}
