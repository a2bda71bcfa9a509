using System.IO.Hashing;
using MlNetDl.Data;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Tests.Data;

public sealed class SpritesTests
{
    [Fact]
    public void Factors_and_numbers_of_combinations_belong_together()
    {
        Assert.Equal(92_160, Sprites.Count);
        Assert.Equal(Sprites.Factors.Count, Sprites.Sizes.Count);
        Assert.Equal([0, 0, 0, 0, 0], Sprites.FactorsOf(0));
        Assert.Equal([0, 0, 0, 1, 2], Sprites.FactorsOf(18));
        Assert.Equal([2, 5, 19, 15, 15], Sprites.FactorsOf(Sprites.Count - 1));
    }

    [Fact]
    public void No_two_combinations_give_the_same_image()
    {
        var seen = new HashSet<UInt128>();
        var image = new byte[Sprites.Side * Sprites.Side];
        for (int i = 0; i < Sprites.Count; i++)
        {
            Sprites.Draw(Sprites.FactorsOf(i), image);
            Assert.True(seen.Add(XxHash128.HashToUInt128(image)), $"combination {i}");
        }
    }

    [Fact]
    public void Places_move_the_shape_by_whole_pixels_and_change_nothing_else()
    {
        foreach (int shape in Enumerable.Range(0, 3))
        {
            var first = Sprites.Image([shape, 2, 3, 4, 5]);
            var moved = Sprites.Image([shape, 2, 3, 11, 2]);
            for (int y = 3; y < Sprites.Side; y++)
            {
                for (int x = 0; x < Sprites.Side - 7; x++)
                {
                    Assert.Equal(first[(y * Sprites.Side) + x], moved[((y - 3) * Sprites.Side) + x + 7]);
                }
            }
        }
    }

    /// <summary>The centre of mass depends on x and y alone: 8.5 pixels for the first place, and one more for each further one.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Centres_are_where_the_places_say(int shape)
    {
        foreach (var (scale, angle, x, y) in new[] { (0, 0, 0, 0), (5, 7, 15, 3), (3, 19, 8, 15) })
        {
            var (area, centreX, centreY) = Mass(Sprites.Image([shape, scale, angle, x, y]));
            Assert.Equal(8.5 + x, centreX, 0.05);
            Assert.Equal(8.5 + y, centreY, 0.05);
            Assert.InRange(area, 30, 145);
        }
    }

    /// <summary>Areas grow with the square of the scale. An edge along the pixels is off by a sixteenth of a pixel or less.</summary>
    [Fact]
    public void Areas_follow_the_scale_and_not_the_angle()
    {
        for (int angle = 0; angle < 20; angle++)
        {
            for (int scale = 0; scale < 6; scale++)
            {
                double size = 0.5 + (0.1 * scale);
                Assert.Equal(139.24 * size * size, Mass(Sprites.Image([0, scale, angle, 4, 4])).Area, 3 * size);
                Assert.Equal(Math.PI * 8.4 * 5.3 * size * size, Mass(Sprites.Image([1, scale, angle, 4, 4])).Area, 0.9);
                Assert.InRange(Mass(Sprites.Image([2, scale, angle, 4, 4])).Area / (size * size), 138, 144);
            }
        }
    }

    [Fact]
    public void Orientation_turns_the_long_axis_of_the_ellipse()
    {
        for (int angle = 0; angle < 20; angle++)
        {
            Assert.Equal(4.5 * angle, AxisDegrees(Sprites.Image([1, 5, angle, 7, 7])), 0.5);
        }
    }

    [Fact]
    public void Shapes_are_bright_in_the_middle_and_the_ground_is_black()
    {
        foreach (int shape in Enumerable.Range(0, 3))
        {
            var image = Sprites.Image([shape, 5, 0, 15, 15]);
            Assert.Equal(255, image[(23 * Sprites.Side) + 23]);
            Assert.Equal(0, image[0]);
            Assert.Contains(image, p => p is > 0 and < 255);
        }
    }

    [Fact]
    public void The_heart_has_its_point_below()
    {
        var image = Sprites.Image([2, 5, 0, 8, 8]);
        int[] widths = [.. Enumerable.Range(0, Sprites.Side).Select(y => image.AsSpan(y * Sprites.Side, Sprites.Side).Count((byte)255))];
        int last = Array.FindLastIndex(widths, w => w > 0), first = Array.FindIndex(widths, w => w > 0);
        Assert.True(widths[last] < 4 && widths[first + 1] > 4, string.Join(' ', widths));
    }

    [Fact]
    public void The_data_set_splits_all_combinations_into_two_parts()
    {
        var (train, test) = (Datasets.Find("sprites")!.Load(false), Datasets.Find("sprites")!.Load(true));
        Assert.Equal((80_000, Sprites.TestCount), (train.Count, test.Count));
        Assert.Equal(Shape.Image(1, 32, 32), train.Shape);
        Assert.Equal(Sprites.Shapes, train.ClassNames);
        Assert.Equal(Sprites.Count, Hashes(train).Concat(Hashes(test)).Distinct().Count());
        Assert.All(((long[])test.Targets!).CountBy(t => t), c => Assert.InRange(c.Value, 3800, 4300));

        // The first image of the order has the label of its shape, and the order is the same one each time.
        Assert.Equal((byte[])test.Features, (byte[])Sprites.Load(true).Features);
        var order = SeededOrder.Permutation(Sprites.Count, 0, 0);
        Assert.Equal(Sprites.Image(Sprites.FactorsOf((int)order[0])), ((byte[])train.Features)[..1024]);
        Assert.Equal(Sprites.FactorsOf((int)order[0])[0], ((long[])train.Targets!)[0]);
    }

    [Fact]
    public void Factors_that_do_not_exist_are_refused()
    {
        Assert.Contains("'orientation' of a sprite must be 0 to 19 but is 20", Assert.Throws<ArgumentException>(
            () => Sprites.Image([0, 0, 20, 0, 0])).Message, StringComparison.Ordinal);
        Assert.Contains("5 factors (shape, scale, orientation, x, y) but 2 values", Assert.Throws<ArgumentException>(
            () => Sprites.Image([0, 0])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Sprites.Draw([0, 0, 0, 0, 0], new byte[10]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sprites.FactorsOf(Sprites.Count));
    }

    private static IEnumerable<UInt128> Hashes(Examples examples) => Enumerable.Range(0, examples.Count)
        .Select(i => XxHash128.HashToUInt128(((byte[])examples.Features).AsSpan(i * 1024, 1024)));

    private static (double Area, double X, double Y) Mass(byte[] image)
    {
        double area = 0, x = 0, y = 0;
        for (int i = 0; i < image.Length; i++)
        {
            double share = image[i] / 255.0;
            area += share;
            x += share * ((i % Sprites.Side) + 0.5);
            y += share * ((i / Sprites.Side) + 0.5);
        }

        return (area, x / area, y / area);
    }

    // The angle of the direction in which the shape is widest, from its second moments.
    private static double AxisDegrees(byte[] image)
    {
        var (_, centreX, centreY) = Mass(image);
        double xx = 0, yy = 0, xy = 0;
        for (int i = 0; i < image.Length; i++)
        {
            double dx = (i % Sprites.Side) + 0.5 - centreX, dy = (i / Sprites.Side) + 0.5 - centreY;
            (xx, yy, xy) = (xx + (image[i] * dx * dx), yy + (image[i] * dy * dy), xy + (image[i] * dx * dy));
        }

        return Math.Atan2(2 * xy, xx - yy) / 2 * 180 / Math.PI;
    }
}
