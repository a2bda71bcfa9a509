using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Torch;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>What an L1 term draws to zero.</summary>
public enum L1Target
{
    /// <summary>Kernels, matrices and tables, as a way to <see cref="MagnitudePruning"/>.</summary>
    Weights,

    /// <summary>The scales γ of batch normalisations, as a way to pruning by them (network slimming, Liu et al. 2017,
    /// arXiv:1708.06519, eq. 1).</summary>
    Scales,
}

/// <summary>Adds λ·Σ|w| to what the training before it minimises, by its proximal step: after each step w becomes
/// sign(w)·max(|w| − η·λ, 0), with the step's learning rate η (Parikh and Boyd 2014, section 6.5.2).</summary>
/// <remarks>Unlike a term of the loss, whose gradient steps across zero, it makes exact zeros. They are free to come back:
/// a pruning stage behind it keeps them. With Adam, η is the same for all weights.</remarks>
public sealed record ProximalL1 : FitHook
{
    /// <summary>λ, 0 or more; 1e-4, the value of the slimming paper for most networks.</summary>
    [AtLeast(0)]
    public double Strength { get; init; } = 1e-4;

    /// <summary>What is drawn to zero.</summary>
    public L1Target On { get; init; }

    /// <inheritdoc/>
    public override bool KeepsNetworks => true;

    /// <inheritdoc/>
    public override void Check(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        foreach (var (name, network) in context.Model.Networks)
        {
            if (On == L1Target.Scales && Names(network.Plan()).Count == 0)
            {
                throw new ArgumentException($"proximalL1 draws the scales of batch normalisations to zero, but the network '{name}' has no "
                    + "batch normalisation; let it be 'on: weights'.");
            }
        }
    }

    /// <inheritdoc/>
    public override StepHook Start(StageContext context) => new Shrinking(this);

    private HashSet<string> Names(Plan plan) => On == L1Target.Weights
        ? [.. MaskableWeights.Of(plan, []).All.Select(w => w.Name)]
        : [.. plan.Steps.Where(s => s.Leaf is BatchNorm2d).Select(s => $"{s.WeightsName}.weight")];

    private sealed class Shrinking(ProximalL1 settings) : StepHook
    {
        private readonly List<Tensor> tensors = [];
        private double rate;

        public override void Start(TorchNetwork network, TrainingOptions options)
        {
            var names = settings.Names(network.Plan);
            tensors.AddRange(network.Tensors.Where(t => names.Contains(t.Name)).Select(t => t.Tensor));
            rate = options.Optimizer.LearningRate * settings.Strength;
        }

        public override void Moved(StepPosition at)
        {
            using var none = no_grad();
            using var scope = NewDisposeScope();
            foreach (var tensor in tensors)
            {
                // Zeros are filled in: a product would make minus zeros, which are stored like values.
                double shrunk = rate * at.LearningRateFactor;
                tensor.copy_((tensor - tensor.sign().Mul(shrunk)).MaskedFill(tensor.abs().Le(shrunk), 0));
            }
        }
    }
}
