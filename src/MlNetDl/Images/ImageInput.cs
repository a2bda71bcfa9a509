namespace MlNetDl.Images;

/// <summary>How an image of another size is brought to a network's size.</summary>
public enum ResizeMode
{
    /// <summary>Both sides are scaled for themselves; proportions change.</summary>
    Stretch,

    /// <summary>Scaled so that it covers the size, then the centre is cut out.</summary>
    Crop,

    /// <summary>Scaled so that it fits into the size, on a black background.</summary>
    Pad,
}

/// <summary>The images that a network takes. The same rule prepares them for training and for serving.</summary>
/// <param name="Channels">1 (grey) or 3 (red, green, blue).</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Width">Width in pixels.</param>
/// <param name="Resize">How images of another size are treated.</param>
public sealed record ImageInput(int Channels, int Height, int Width, ResizeMode Resize = ResizeMode.Stretch);
