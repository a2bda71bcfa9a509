using MlNetDl.Generative;

namespace MlNetDl.Experiments;

/// <summary>What is made of codes that no row has: drawn from N(0, I), and in the middle between the codes of two rows, each row and the next.</summary>
internal sealed class DrawnCodes
{
    /// <summary>Makes as many of each as there are rows.</summary>
    /// <param name="model">A model that is told no class.</param>
    /// <param name="rows">Rows as it was trained on them, row-major.</param>
    /// <param name="seed">What is drawn follows from it.</param>
    public DrawnCodes(CodeModel model, float[] rows, int seed)
    {
        var codes = model.Encode(rows).Means;
        int latent = model.Latent;
        var middles = new float[codes.Length];
        for (int i = 0; i < middles.Length; i++)
        {
            middles[i] = (codes[i] + codes[(i + latent) % codes.Length]) / 2;
        }

        (Normal, Middles) = (model.Decode(Gauss.Draw(codes.Length, new Random(seed))), model.Decode(middles));
    }

    /// <summary>Rows of codes from N(0, I).</summary>
    public float[] Normal { get; }

    /// <summary>Rows of codes in the middle between two.</summary>
    public float[] Middles { get; }
}
