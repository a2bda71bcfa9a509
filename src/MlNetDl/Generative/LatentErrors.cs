using MlNetDl.Analysis;
using MlNetDl.Data;
using MlNetDl.Torch;
using static TorchSharp.torch;

namespace MlNetDl.Generative;

/// <summary>The errors of a trained <see cref="LatentModel"/>.</summary>
internal static class LatentErrors
{
    /// <summary>The mean squared error of a scaled value that is made of the mean of its code.</summary>
    /// <param name="network">The trained network.</param>
    /// <param name="model">Its settings.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="stop">Ends it.</param>
    public static double MeanSquare(TorchNetwork network, LatentModel model, IBatches rows, CancellationToken stop)
    {
        using var none = no_grad();
        network.SetTraining(false);
        double sum = 0, count = 0;
        using var batches = rows.Epoch(0).GetEnumerator();
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            if (!batches.MoveNext())
            {
                return sum / Math.Max(1, count);
            }

            var values = batches.Current.Inputs[0];
            Tensor[] noise = network.Plan.Network.Inputs.Skip(1).Any() ? [zeros([values.shape[0], model.Latent], device: network.Device)] : [];
            var made = network.Forward([values, .. noise]);
            var errors = made[Network.DefaultOutput] - made[LatentModel.Observed].flatten(1);
            sum += errors.Pow(2).sum(ScalarType.Float64).item<double>();
            count += errors.numel();
        }
    }
}
