namespace MlNetDl.Experiments;

/// <summary>Gives codes for images. An image always gets the same code: an autoencoder that draws its codes gives their
/// means here.</summary>
/// <param name="images">The images, one after the other.</param>
/// <param name="count">The number of images.</param>
/// <returns>The codes, one after the other; all of one length, and all numbers finite.</returns>
public delegate float[] ImageEncoder(float[] images, int count);
