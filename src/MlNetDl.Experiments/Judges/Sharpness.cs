using MlNetDl.Configuration;
using MlNetDl.Generative;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;

namespace MlNetDl.Experiments;

/// <summary>How sharp images are, by the variance of their Laplacian (Pech-Pacheco et al. 2000), with pixels divided by the value of white: of the data
/// (<c>dataSharpness</c>), of what codes of test rows make (<c>reconstructionSharpness</c>), and where the model is told no class of what is made of codes from
/// N(0, I) (<c>sampleSharpness</c>) and in the middle between two test rows (<c>middleSharpness</c>). Blurred ones have less.</summary>
public sealed record Sharpness : Judge
{
    /// <summary>Images of each kind, 10 or more; 2,000 by default.</summary>
    [AtLeast(10)]
    public int Rows { get; init; } = 2000;

    /// <inheritdoc/>
    public override string? ProblemWith(ModelSpec network, DataSource data) =>
        network is LatentModel ? null : "looks at images that a decoder makes; it needs an autoencoder.";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Figures(JudgedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var shape = model.Test.Shape;
        if (!SampleSheet.CanDraw(shape) || shape.Size(2) < 3 || shape.Size(3) < 3)
        {
            throw new InvalidDataException($"judges.sharpness looks at images of 3x3 pixels or more, but rows are {shape}; leave it out.");
        }

        var own = JudgedModel.Some(model.Test, Rows);
        var images = model.Latent.AsTrained(own, 0, own.Count);
        var classes = model.Latent.ClassesOf(own, 0, own.Count);
        double Mean(float[] values) => Of(values, shape, model.Latent.Peak);
        var figures = new Dictionary<string, double>
        {
            ["dataSharpness"] = Mean(images),
            ["reconstructionSharpness"] = Mean(model.Latent.Decode(model.Latent.Encode(images, classes).Means, classes)),
        };
        if (classes is null)
        {
            var drawn = new DrawnCodes(model.Latent, images, model.Seed);
            (figures["sampleSharpness"], figures["middleSharpness"]) = (Mean(drawn.Normal), Mean(drawn.Middles));
        }

        return figures;
    }

    /// <summary>The mean over images of the variance over places of ∇²: up + down + left + right − 4·middle.</summary>
    /// <param name="images">Pixels, row-major, [N, C, H, W].</param>
    /// <param name="shape">Their shape.</param>
    /// <param name="peak">The value of white.</param>
    public static double Of(IReadOnlyList<float> images, Shape shape, double peak)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(shape);
        var (height, width) = (shape.Size(2), shape.Size(3));
        int planes = images.Count / (height * width);
        double all = 0;
        for (int plane = 0; plane < planes; plane++)
        {
            int start = plane * height * width;
            double sum = 0, squares = 0;
            for (int y = 1; y < height - 1; y++)
            {
                for (int x = 1; x < width - 1; x++)
                {
                    int at = start + (y * width) + x;
                    double value = (images[at - width] + images[at + width] + images[at - 1] + images[at + 1] - (4 * (double)images[at])) / peak;
                    sum += value;
                    squares += value * value;
                }
            }

            double count = (height - 2) * (width - 2);
            all += (squares / count) - Math.Pow(sum / count, 2);
        }

        return all / planes;
    }
}
