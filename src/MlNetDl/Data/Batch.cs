using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Data;

/// <summary>The examples that a training step draws at once. The tensors belong to the dispose scope in which the batch
/// was drawn.</summary>
/// <param name="Inputs">One tensor for each of the network's inputs, [N, …].</param>
public sealed record Batch(IReadOnlyList<Tensor> Inputs)
{
    /// <summary>The name of the target where there is only one.</summary>
    public const string DefaultTarget = "target";

    private static readonly Dictionary<string, Tensor> NoTargets = [];

    /// <summary>A batch with one target.</summary>
    /// <param name="inputs">One tensor for each of the network's inputs, [N, …].</param>
    /// <param name="target">Class indices, int64 [N]; or values, float32 [N, K];
    /// <see langword="null"/> without supervision.</param>
    /// <param name="weights">Weights of the examples, float32 [N]; <see langword="null"/> when all
    /// count the same.</param>
    public Batch(IReadOnlyList<Tensor> inputs, Tensor? target, Tensor? weights = null) : this(inputs)
    {
        Weights = weights;
        if (target is not null)
        {
            Targets = new Dictionary<string, Tensor> { [DefaultTarget] = target };
        }
    }

    /// <summary>The targets by name, each [N, …]; empty without supervision.</summary>
    public IReadOnlyDictionary<string, Tensor> Targets { get; init; } = NoTargets;

    /// <summary>The target named <see cref="DefaultTarget"/>: class indices, int64 [N]; or values, float32 [N, K];
    /// <see langword="null"/> where there is none.</summary>
    public Tensor? Target => Targets.GetValueOrDefault(DefaultTarget);

    /// <summary>Weights of the examples, float32 [N]; <see langword="null"/> when all count the same.</summary>
    public Tensor? Weights { get; init; }

    /// <summary>The places of the examples in their set, counted from 0, int64 [N]; <see langword="null"/> where they
    /// have no fixed place. They identify an example, so that a hook finds what it computed for it before: batches that change
    /// their inputs by themselves from epoch to epoch leave them out.</summary>
    public Tensor? Rows { get; init; }

    /// <summary>Number of examples.</summary>
    public int Count => (int)Inputs[0].shape[0];
}
