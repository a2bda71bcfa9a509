using MlNetDl.Configuration;
using MlNetDl.Images;

namespace MlNetDl.Experiments;

/// <summary>The images that a network takes. What is left out follows from the images to train on.</summary>
public sealed record ImageOptions
{
    private const int Side = 64;

    /// <summary>1 (grey) or 3 (red, green, blue). By default 1 where every file stores grey values alone, 3 otherwise.</summary>
    public int? Channels { get; init; }

    /// <summary>Height in pixels, 1 or more. By default that of the width where that is given, else that of all images where they have one size of
    /// at most 64 x 64, and 64 otherwise, which small networks and processors bear.</summary>
    [AtLeast(1)]
    public int? Height { get; init; }

    /// <summary>Width in pixels, 1 or more; by default like <see cref="Height"/>.</summary>
    [AtLeast(1)]
    public int? Width { get; init; }

    /// <summary>How images of another size are treated; they are stretched by default.</summary>
    public ResizeMode Resize { get; init; }

    /// <summary>Images that are wholly given.</summary>
    public static implicit operator ImageOptions(ImageInput input) => FromImageInput(input);

    /// <summary>Images that are wholly given.</summary>
    public static ImageOptions FromImageInput(ImageInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new()
        {
            Channels = input.Channels,
            Height = input.Height,
            Width = input.Width,
            Resize = input.Resize,
        };
    }

    /// <summary>Whether the size is given, at least in part.</summary>
    internal bool HasSize => Height is not null || Width is not null;

    /// <summary>The input of a network.</summary>
    /// <param name="heads">Reads the heads of the images to train on, where something follows from them.</param>
    internal ImageInput Of(Func<IReadOnlyList<ImageHead>> heads)
    {
        if (HasSize && Channels is { } channels)
        {
            return new(channels, Height ?? Width!.Value, Width ?? Height!.Value, Resize);
        }

        var seen = heads();
        var sizes = seen.Select(h => (h.Height, h.Width)).Distinct().Take(2).ToList();
        var (height, width) = sizes is [{ Height: <= Side, Width: <= Side } only] ? only : (Side, Side);
        return new(
            Channels ?? (seen.Count > 0 && seen.All(h => h.IsGrey) ? 1 : 3), Height ?? Width ?? height, Width ?? Height ?? width, Resize);
    }
}
