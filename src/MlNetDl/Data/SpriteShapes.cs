namespace MlNetDl.Data;

/// <summary>The outlines of the sprites, drawn with soft edges.</summary>
internal static class SpriteShapes
{
    /// <summary>Height and width of a drawing in pixels: the smallest one that holds every shape at every angle.</summary>
    public const int Side = 17;

    // Points by pixel and axis. The grey of a pixel is the share of its points within the shape.
    private const int Points = 8;

    // Half the side of the square, chosen so that its corners stay within the drawing.
    private const double HalfSquare = 5.9;

    // Half axes of the ellipse. All three shapes cover about 140 pixels.
    private const double LongAxis = 8.4, ShortAxis = 5.3;

    // The heart (x² + y² − 1)³ = x² y³ in units of pixels, and the height of its centre of mass in its own units.
    private const double HeartUnit = 6.2, HeartCentre = 0.2934;

    /// <summary>Draws a shape around the middle of a drawing.</summary>
    /// <param name="shape">0: square, 1: ellipse, 2: heart.</param>
    /// <param name="scale">The size, above 0 and up to 1.</param>
    /// <param name="angle">The angle in radians, clockwise as images show it.</param>
    /// <returns>Pixels from 0 to 255, row by row.</returns>
    public static byte[] Draw(int shape, double scale, double angle)
    {
        var drawing = new byte[Side * Side];
        var (sin, cos) = Math.SinCos(angle);
        for (int pixel = 0; pixel < drawing.Length; pixel++)
        {
            int inside = 0;
            for (int point = 0; point < Points * Points; point++)
            {
                double across = (pixel % Side) + (((point % Points) + 0.5) / Points) - (Side / 2.0);
                double down = (pixel / Side) + (((point / Points) + 0.5) / Points) - (Side / 2.0);
                double x = ((across * cos) + (down * sin)) / scale, y = ((down * cos) - (across * sin)) / scale;
                inside += Covers(shape, x, y) ? 1 : 0;
            }

            drawing[pixel] = (byte)Math.Round(255.0 * inside / (Points * Points));
        }

        return drawing;
    }

    // Rows of an image count downwards, and y of the heart's equation upwards.
    private static bool Covers(int shape, double x, double y) => shape switch
    {
        0 => Math.Max(Math.Abs(x), Math.Abs(y)) <= HalfSquare,
        1 => (x * x / (LongAxis * LongAxis)) + (y * y / (ShortAxis * ShortAxis)) <= 1,
        _ => InHeart(x / HeartUnit, HeartCentre - (y / HeartUnit)),
    };

    private static bool InHeart(double x, double y)
    {
        double ring = (x * x) + (y * y) - 1;
        return ring * ring * ring <= x * x * y * y * y;
    }
}
