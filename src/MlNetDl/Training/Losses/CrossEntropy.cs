using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using MlNetDl.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Training.Losses;

/// <summary>Multiclass cross-entropy of logits, −log softmax(x)ₖ for the true class k, computed with log-sum-exp.
/// Logits [N, K] with classes int64 [N], or sequences: logits [N, T, K] with classes int64 [N, T].</summary>
/// <remarks>
/// It takes logits: a softmax before it would be the well-known double softmax. The loss is the mean over the batch, or
/// over all places of its sequences. A sum would scale the learning rate by the size of the batch.
/// <para>Two definitions of class weights differ with label smoothing. The weights of <c>training.classWeights</c>
/// weigh examples: Σ wᵢ·Lᵢ / Σ wᵢ of the smoothed losses Lᵢ, by the weight wᵢ of the true class, so that weight
/// k is k such rows. <see cref="ClassWeights"/> are PyTorch's: each class's term in the smoothed sum has the weight of
/// that class. Without smoothing both are the same.</para>
/// </remarks>
public sealed record CrossEntropy : Loss
{
    private const long NoClass = -100;

    /// <summary>Share ε of the target that is spread evenly over all classes, 0 to below 1 (Szegedy et al. 2015,
    /// arXiv:1512.00567, section 7); 0 by default.</summary>
    [AtLeast(0), Below(1)]
    public double LabelSmoothing { get; init; }

    /// <summary>The class whose places are left out, such as the padding of sequences (−100 in PyTorch);
    /// <see langword="null"/>, the default, counts all. A batch of it alone has the loss 0.</summary>
    public long? IgnoreIndex { get; init; }

    /// <summary>Weights of the classes inside the loss, 0 or more, one for each class, as PyTorch's <c>weight</c>: Σᵢ
    /// [(1 − ε)·w(yᵢ)·(−log p(yᵢ)) + ε/K·Σₖ w(k)·(−log pₖ)] / Σᵢ w(yᵢ). Empty, the default, weighs them all the
    /// same.</summary>
    public ValueList<double> ClassWeights { get; init; } = [];

    private bool CountsExamples => IgnoreIndex is null && ClassWeights.Count == 0;

    /// <inheritdoc/>
    public override Tensor? Weight(Tensor targets, Tensor? weights = null) =>
        CountsExamples && targets.dim() == 1 ? base.Weight(targets, weights) : Shares(targets, weights).sum();

    /// <inheritdoc/>
    protected override Tensor PerExample(Tensor outputs, Tensor targets)
    {
        var losses = PerPlace(outputs, targets);
        return losses.dim() == 1 ? losses : (losses.sum(1) / Shares(targets, null).sum(1).ClampMin(LeastWeight));
    }

    /// <inheritdoc/>
    protected override Tensor MeanOf(Tensor outputs, Tensor targets)
    {
        var (logits, classes) = (outputs.reshape(-1, outputs.shape[^1]), targets.reshape(-1));
        return CountsExamples
            ? nn.functional.cross_entropy(logits, classes, label_smoothing: LabelSmoothing)
            : Native(logits, classes, nn.Reduction.Sum) / Shares(targets, null).sum().ClampMin(LeastWeight);
    }

    /// <inheritdoc/>
    protected override Tensor WeightedMeanOf(Tensor outputs, Tensor targets, Tensor weights) => CountsExamples && targets.dim() == 1
        ? base.WeightedMeanOf(outputs, targets, weights)
        : (PerPlace(outputs, targets) * OfPlaces(weights, targets)).sum() / Shares(targets, weights).sum().ClampMin(LeastWeight);

    /// <inheritdoc/>
    public override bool Takes(ScoreForm form) => form == ScoreForm.Probabilities;

    /// <inheritdoc/>
    protected override string? Misfit(Tensor outputs, Tensor targets)
    {
        if (outputs.dim() is not (2 or 3)
            || targets.dtype != ScalarType.Int64
            || !outputs.shape.AsSpan()[..^1].SequenceEqual(targets.shape))
        {
            return "expects logits [N, K] and class indices int64 [N], or [N, T, K] and int64 [N, T], but got "
                + $"{Text(outputs)} and {Text(targets)}.";
        }

        if (ClassWeights.Count > 0 && ClassWeights.Count != outputs.shape[^1])
        {
            return $"classWeights has {ClassWeights.Count} weights, but there are {outputs.shape[^1]} classes; give one for each.";
        }

        return null;
    }

    /// <inheritdoc/>
    public override IEnumerable<RecordProblem> Problems() =>
        from weight in ClassWeights
        where !(weight >= 0 && double.IsFinite(weight))
        select new RecordProblem("classWeights", FormattableString.Invariant($"must be 0 or more but is {weight}."));

    // The unweighted losses, in the shape of the targets; 0 where the class is ignored.
    private Tensor PerPlace(Tensor outputs, Tensor targets) =>
        Native(outputs.reshape(-1, outputs.shape[^1]), targets.reshape(-1), nn.Reduction.None).reshape(targets.shape);

    private Tensor Native(Tensor logits, Tensor classes, nn.Reduction reduction) => nn.functional.cross_entropy(
        logits, classes, WeightsOfClasses(logits.device), IgnoreIndex ?? NoClass, reduction, LabelSmoothing);

    // The weight of each place in the divisor, in the shape of the targets.
    private Tensor Shares(Tensor targets, Tensor? weights)
    {
        var shares = weights is null ? ones(targets.shape, device: targets.device) : OfPlaces(weights, targets);
        var counted = IgnoreIndex is { } ignored ? targets.Ne(ignored) : null;
        if (WeightsOfClasses(targets.device) is { } classWeights)
        {
            var classes = counted is null ? targets : targets * counted;
            shares = shares * classWeights.index_select(0, classes.reshape(-1)).reshape(targets.shape);
        }

        return counted is null ? shares : shares * counted;
    }

    private Tensor? WeightsOfClasses(Device device) =>
        ClassWeights.Count == 0 ? null : tensor(ClassWeights.Select(w => (float)w).ToArray(), device: device);

    private static Tensor OfPlaces(Tensor weights, Tensor targets) =>
        weights.dim() < targets.dim() ? weights.unsqueeze(1).expand_as(targets) : weights;
}
