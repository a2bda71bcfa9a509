using MlNetDl.Training.Augmentation;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Training;

[Collection("torch")]
public class AugmentationTests
{
    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    public void Flip_mirrors_left_to_right(double probability)
    {
        using var scope = NewDisposeScope();
        var images = arange(2 * 3 * 4 * 5, float32).reshape(2, 3, 4, 5);
        var changed = new HorizontalFlip { Probability = probability }.Apply(images, new Random(1));
        Assert.True(changed.equal(probability == 0 ? images : images.flip(3)).all().item<bool>());
    }

    /// <summary>Every image is a window of itself padded with zeros, and all 9 places occur.</summary>
    [Fact]
    public void Crop_shifts_by_at_most_its_padding()
    {
        using var scope = NewDisposeScope();
        var image = (arange(12, float32) + 1).reshape(1, 1, 3, 4);
        var padded = nn.functional.pad(image, [1, 1, 1, 1]);
        var changed = new RandomCrop { Padding = 1 }.Apply(image.expand(200, 1, 3, 4), new Random(1));
        Assert.Equal([200, 1, 3, 4], changed.shape);
        var places = Enumerable.Range(0, 200).Select(i => Enumerable.Range(0, 9).Single(p =>
            changed.narrow(0, i, 1).equal(padded.narrow(2, p / 3, 3).narrow(3, p % 3, 4)).all().item<bool>()));
        Assert.Equal(Enumerable.Range(0, 9), places.Distinct().Order());
    }
}
