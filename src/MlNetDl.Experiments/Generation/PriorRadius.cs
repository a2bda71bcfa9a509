using MathNet.Numerics;
using MlNetDl.Generative;

namespace MlNetDl.Experiments;

/// <summary>How far from 0 the codes of a prior lie that is alike in all directions.</summary>
internal static class PriorRadius
{
    /// <summary>Whether a prior is alike in all directions.</summary>
    public static bool Knows(Prior prior) => prior is StandardNormal or Tilted;

    /// <summary>The density of ‖z‖: of a standard normal that of the χ distribution.</summary>
    /// <param name="prior">The prior.</param>
    /// <param name="latent">Values of a code.</param>
    /// <param name="radius">‖z‖, above 0.</param>
    public static double Density(Prior prior, int latent, double radius)
    {
        var code = new float[latent];
        code[0] = (float)radius;
        // The sphere's surface times the density at any of its points.
        double surface = Math.Log(2) + (latent / 2.0 * Math.Log(Math.PI)) - SpecialFunctions.GammaLn(latent / 2.0) + ((latent - 1) * Math.Log(radius));
        return Math.Exp(surface + prior.LogDensity(code));
    }
}
