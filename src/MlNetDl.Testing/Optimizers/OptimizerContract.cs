using MlNetDl.Training.Optimizers;

namespace MlNetDl.Testing;

/// <summary>The contract of every optimiser: it descends, in one way on whatever memory, with an honest version
/// counter, and from a checkpoint bit for bit.</summary>
/// <example><code>
/// OptimizerContract.Of(new Adafactor()).RunAll();
/// </code></example>
/// <remarks>The facts need a libtorch package beside the tests.</remarks>
public static partial class OptimizerContract
{
    private static readonly FactList<Optimizer> List = new(TorchRun.Do)
    {
        { "It descends a bowl", DescendsABowl },
        { "Weights that are not contiguous move as those that are", AnyMemoryMovesAlike },
        { "A weight without gradient stays", WithoutGradientStays },
        { "It leaves gradients as they are", GradientsStay },
        { "Gradients of 0 move nothing without decay", ZerosMoveNothing },
        { "Weight decay shrinks the weights that decay, and no others", DecayIsKept },
        { "A learning rate of 0 moves nothing", RateOfZeroMovesNothing },
        { "Twice it moves the same", MovesTheSame },
        { "Scalars, vectors and lengths that no register divides are moved", AnySizeMoves },
        { "A graph that outlives a step is not run backward with other weights", RaisesTheVersion },
        { "It counts its steps", CountsSteps },
        { "A training from its checkpoint goes on bit for bit", Resumes },
        { "Settings that are not a number are refused", o => Settings.MustBeRefused(o, wholeNumber: null) },
    };

    /// <summary>The facts of an optimiser.</summary>
    /// <param name="optimizer">The optimiser; with its state in use (momentum, …) more is checked.</param>
    public static IReadOnlyList<ContractFact> Of(Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        return [.. ComponentContract.Of(optimizer), .. List.Of(ComponentContract.NameOf(optimizer), optimizer)];
    }
}
