using static TorchSharp.torch;

namespace MlNetDl.Decomposition;

/// <summary>Mean and scatter of rows that come batch by batch, in double precision.</summary>
/// <remarks>A batch is centred by its own mean before it is squared, and joined by the formula of Chan, Golub and LeVeque (1979): nothing
/// cancels, however far the mean is from 0.</remarks>
internal sealed class Moments : IDisposable
{
    private readonly Tensor counts;
    private readonly Tensor mean;
    private readonly Tensor scatter;

    /// <summary>Moments of no rows.</summary>
    /// <param name="features">Values of a row.</param>
    /// <param name="device">Where they are summed.</param>
    public Moments(int features, Device device)
    {
        counts = zeros(2, ScalarType.Float64, CPU).DetachFromDisposeScope();
        mean = zeros(features, ScalarType.Float64, device).DetachFromDisposeScope();
        scatter = zeros(features, features, ScalarType.Float64, device).DetachFromDisposeScope();
    }

    /// <summary>All that a checkpoint keeps.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> State => [("counts", counts), ("mean", mean), ("scatter", scatter)];

    /// <summary>How many rows came.</summary>
    public long Rows => (long)counts[0].item<double>();

    /// <summary>The mean of the rows, [F].</summary>
    public Tensor Mean => mean;

    /// <summary>Forgets all rows.</summary>
    public void Clear() => State.ToList().ForEach(t => t.Tensor.zero_());

    /// <summary>Takes rows in.</summary>
    /// <param name="rows">Rows in double precision, [N, F].</param>
    /// <param name="weights">Their weights, [N]; <see langword="null"/> where all count the same.</param>
    public void Add(Tensor rows, Tensor? weights)
    {
        using var scope = NewDisposeScope();
        double before = counts[1].item<double>();
        var weight = weights?.to(ScalarType.Float64).unsqueeze(1) ?? ones([rows.shape[0], 1], ScalarType.Float64, rows.device);
        double own = weight.sum().item<double>(), all = before + own;
        var center = (rows * weight).sum([0]).Div(own);
        var deviations = rows - center;
        var step = center - mean;
        scatter.AddInPlace((deviations * weight).transpose(0, 1).matmul(deviations));
        scatter.AddInPlace(outer(step, step).Mul(before * own / all));
        mean.AddInPlace(step.Mul(own / all));
        counts.AddInPlace(tensor([rows.shape[0], own], ScalarType.Float64));
    }

    /// <summary>The covariance, [F, F]: of n rows the scatter over n − 1. Of weights only the ratios matter.</summary>
    public Tensor Covariance() => scatter.Mul(Rows / (counts[1].item<double>() * (Rows - 1)));

    /// <inheritdoc/>
    public void Dispose() => State.ToList().ForEach(t => t.Tensor.Dispose());
}
