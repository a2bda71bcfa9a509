using System.Globalization;

namespace MlNetDl.Training;

/// <summary>The loss became infinite or not a number: training cannot go on.</summary>
public sealed class TrainingDivergedException : ArithmeticException
{
    internal TrainingDivergedException(int epoch, int step, double loss) : base(string.Create(
        CultureInfo.InvariantCulture, $"Training diverged: the loss is {loss} in epoch {epoch}, step {step}. ")
        + "Lower the learning rate, set clipNorm (1 is a usual choice), or look for NaN and very large values in the features.")
    {
    }
}
