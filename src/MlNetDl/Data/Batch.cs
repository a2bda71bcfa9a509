using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Data;

/// <summary>What a training step draws at once. Its tensors belong to the dispose scope in which it was drawn.</summary>
/// <param name="Inputs">One tensor for each of the network's inputs, [N, …].</param>
public sealed record Batch(IReadOnlyList<Tensor> Inputs)
{
    /// <summary>Name of the only target where there is one.</summary>
    public const string DefaultTarget = "target";

    private static readonly Dictionary<string, Tensor> NoTargets = [];

    /// <summary>A batch with one target.</summary>
    /// <param name="inputs">One tensor for each of the network's inputs, [N, …].</param>
    /// <param name="target">Class indices, int64 [N]; or values, float32 [N, K]; <see langword="null"/> without supervision.</param>
    /// <param name="weights">Weights of the examples, float32 [N]; <see langword="null"/> when all count the same.</param>
    public Batch(IReadOnlyList<Tensor> inputs, Tensor? target, Tensor? weights = null) : this(inputs)
    {
        Weights = weights;
        if (target is not null)
        {
            Targets = new Dictionary<string, Tensor> { [DefaultTarget] = target };
        }
    }

    /// <summary>What is to be learnt, by name, each [N, …]; empty without supervision.</summary>
    public IReadOnlyDictionary<string, Tensor> Targets { get; init; } = NoTargets;

    /// <summary>The target named <see cref="DefaultTarget"/>: class indices, int64 [N]; or values, float32 [N, K];
    /// <see langword="null"/> where there is none.</summary>
    public Tensor? Target => Targets.GetValueOrDefault(DefaultTarget);

    /// <summary>Weights of the examples, float32 [N]; <see langword="null"/> when all count the same.</summary>
    public Tensor? Weights { get; init; }

    /// <summary>Where the examples lie in their set, counted from 0, int64 [N]; <see langword="null"/> where they have
    /// no fixed place. What was computed of an example once is found by it again.</summary>
    public Tensor? Rows { get; init; }

    /// <summary>Number of examples.</summary>
    public int Count => (int)Inputs[0].shape[0];
}
