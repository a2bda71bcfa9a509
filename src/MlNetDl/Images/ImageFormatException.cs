namespace MlNetDl.Images;

/// <summary>An image cannot be read: damaged, of an unknown format, unreasonably large, or its file is not
/// to be had.</summary>
public sealed class ImageFormatException : IOException
{
    internal ImageFormatException(string name, string problem, Exception? inner = null) : base($"Image '{name}': {problem}", inner)
    {
    }
}
