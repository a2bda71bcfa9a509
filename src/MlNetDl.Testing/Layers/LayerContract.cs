using MlNetDl.Layers.Contracts;

namespace MlNetDl.Testing;

/// <summary>The contract of every layer: torch computes what the plan says, its gradients are right, and ONNX Runtime
/// computes the same.</summary>
/// <example><code>
/// LayerContract.Of(new Swish(), Shape.Vector(6)).RunAll();
/// </code></example>
/// <remarks>The facts need a libtorch package beside the tests. They run one after the other, from one seed, whatever
/// the test framework does.</remarks>
public static partial class LayerContract
{
    /// <summary>The name of the statement that gradients are right. Layers of which nothing is differentiable
    /// leave it out.</summary>
    public const string Gradients = "Its gradients agree with central differences";

    /// <summary>The name of the statement that rows do not meet in evaluation. Layers that mix the rows of a batch
    /// leave it out.</summary>
    public const string RowByRow = "Evaluation of a row does not depend on the rest of the batch";

    /// <summary>The name of the statement that bfloat16 changes little. Layers that jump (a threshold, a rounding)
    /// leave it out.</summary>
    public const string InBFloat16 = "In bfloat16 it computes nearly the same";

    /// <summary>The name of the statement that a batch may be empty, as it is behind an early exit at which all rows leave. Layers that are
    /// never there leave it out.</summary>
    public const string NoRows = "Of a batch without rows it makes none";

    /// <summary>The name of the statement about memory that the layer may write over.</summary>
    public const string Overwriting = "Behind a layer whose output may be overwritten it computes the same";

    /// <summary>The name of the statement about memory that the layer behind may write over.</summary>
    public const string Overwritten = "Before a layer that overwrites its input its gradients stay";

    /// <summary>The name of the statement that channels are coupled. Layers whose channels cannot be pruned
    /// leave it out.</summary>
    public const string Coupling = "It says how its channels hang together";

    /// <summary>The name of the statement about what a layer computes with fewer channels. Layers whose channels cannot be
    /// pruned leave it out. A layer for which a removed channel is something else than one that is 0 says so itself
    /// (<see cref="ICouplesChannels.CutEqualsMask"/>), and then only its dimensions are compared.</summary>
    public const string Narrowing = "With fewer channels it computes what it does where the others are 0";

    private static readonly FactList<LayerSample> List = new(TorchRun.Do)
    {
        { "Shapes are those that torch computes, for any batch and length", ShapesAreReal },
        { "Its weights are those that it declares", WeightsAreDeclared },
        { "The same seed fills the same weights, all finite", WeightsAreSeeded },
        { Gradients, GradientsAreRight },
        { RowByRow, RowsDoNotMeet },
        { NoRows, NoRowsMakeNone },
        { "Evaluation draws nothing and changes no weight or statistic", EvaluationIsPure },
        { "With the same random numbers training computes the same", TrainingIsSeeded },
        { "ONNX Runtime computes the same, for any batch and length", OnnxAgrees },
        { InBFloat16, BFloat16IsNear },
        { "It leaves its inputs as they are", InputsStay },
        { Overwriting, OverwritesWell },
        { Overwritten, MayBeOverwritten },
        { "Its cost is that of one example", CostsAreOfOneExample },
        { "Inputs that it does not take are a ShapeException with its place", MisfitsAreTold },
        { "Read from YAML it computes the same", YamlComputesTheSame },
        { Coupling, LayerChannels.Check },
        { Narrowing, LayerNarrowing.Check },
    };

    /// <summary>The facts of a leaf.</summary>
    /// <param name="leaf">The leaf.</param>
    /// <param name="inputs">The shape of the running value, then those of its wires, or of all that
    /// a join takes.</param>
    public static IReadOnlyList<ContractFact> Of(Leaf leaf, params IReadOnlyList<Shape> inputs) => Of(new LayerSample(leaf, inputs));

    /// <summary>The facts of a layer.</summary>
    /// <param name="sample">The layer with shapes that it takes.</param>
    public static IReadOnlyList<ContractFact> Of(LayerSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return [.. ComponentContract.Of(sample.Layer), .. List.Of($"{sample}", sample)];
    }
}
