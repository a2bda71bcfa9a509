namespace MlNetDl.Images;

/// <summary>What the head of an image's file says, without decoding it.</summary>
/// <param name="Width">Width in pixels, as the image is seen upright.</param>
/// <param name="Height">Height in pixels, as the image is seen upright.</param>
/// <param name="IsGrey">Whether the file stores grey values alone. A file of three colours that happen to be equal does not.</param>
/// <param name="Frames">Images in it, 1 or more: of an animation the first one is decoded.</param>
public readonly record struct ImageHead(int Width, int Height, bool IsGrey, int Frames = 1);
