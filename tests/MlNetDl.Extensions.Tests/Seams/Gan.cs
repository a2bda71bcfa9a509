using MlNetDl.Analysis;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Metrics;
using MlNetDl.Networks;
using MlNetDl.Torch;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;
using static TorchSharp.torch;

namespace MlNetDl.Extensions.Tests.Seams;

/// <summary>A Wasserstein GAN with gradient penalty (Gulrajani et al. 2017, arXiv:1704.00028) of vectors.</summary>
internal sealed record SeamGan : ModelSpec
{
    public const string Generator = "generator", Critic = "critic";

    public int Noise { get; init; } = 3;

    public int Hidden { get; init; } = 12;

    /// <summary>Whether the critic is saved as a graph, too, and what its layers are named after.</summary>
    public string? SavedCritic { get; init; }

    public override StepSpec Step => new SeamGanTraining();

    public override IReadOnlyList<string> Columns => ["Sample"];

    public override IReadOnlyDictionary<string, Network> Networks(ModelContext context) => new Dictionary<string, Network>
    {
        [Generator] = new(
            new Sequential(new Linear(Hidden), new BatchNorm2d(), new LeakyReLU(), new Linear(context.Input.Size(1))),
            [new("noise", Shape.Vector(Noise))]),
        [Critic] = new(
            new Sequential(new Sequential(
                new Linear(Hidden), new LeakyReLU(), new Dropout(0.1), new Linear(1))
            { Name = SavedCritic ?? "" }),
            context.Input),
    };

    public override IReadOnlyList<ModelGraph> Graphs(ModelContext context, IReadOnlyDictionary<string, Network> networks) =>
    [
        new(Generator, networks[Generator])
        {
            Role = "generate",
            WeightsOf = Generator,
            InputRoles = new Dictionary<string, string> { ["noise"] = GraphRole.Noise },
            InputColumns = new Dictionary<string, string> { ["noise"] = "Noise" },
            OutputColumns = new Dictionary<string, string> { [Network.DefaultOutput] = "Sample" },
        },
        .. SavedCritic is null ? Array.Empty<ModelGraph>() : [new(Critic, networks[Critic]) { Role = "judge", WeightsOf = Critic }],
    ];
}

/// <summary>Some steps of the critic, one of the generator.</summary>
internal sealed record SeamGanTraining : StepSpec
{
    /// <summary>The critic's steps before one of the generator.</summary>
    public int CriticSteps { get; init; } = 2;

    /// <summary>The weight λ of the gradient penalty.</summary>
    public double Penalty { get; init; } = 10;

    public override TrainingStep Start(StepStart start) => new SeamGanStep(start, this);
}

/// <summary>One step: up to <see cref="SeamGanTraining.CriticSteps"/> batches for the critic, then the
/// generator against it.</summary>
internal sealed class SeamGanStep : TrainingStep
{
    private readonly SeamGanTraining spec;
    private readonly TrainingOptions options;
    private readonly TorchNetwork generator;
    private readonly TorchNetwork critic;
    private double[] sums = new double[2];

    public SeamGanStep(StepStart start, SeamGanTraining spec)
    {
        (this.spec, options, Networks) = (spec, start.Options, start.Networks);
        (generator, critic) = (Networks[SeamGan.Generator], Networks[SeamGan.Critic]);
        Optimizers = [Optimizer(critic), Optimizer(generator)];
    }

    public override IReadOnlyDictionary<string, TorchNetwork> Networks { get; }

    public override IReadOnlyList<OptimizerRun> Optimizers { get; }

    public override IReadOnlyList<Figure> Figures => [new("loss", Goal.Minimize)];

    public override IReadOnlyDictionary<string, double> RunningMetrics =>
        new Dictionary<string, double> { ["loss"] = sums[0] / Math.Max(1, sums[1]) };

    public override double[] RunningSums { get => sums; set => sums = value; }

    public override StepResult Run(IBatchSource batches, StepPosition at)
    {
        int examples = 0;
        double loss = 0;
        for (int i = 0; i < spec.CriticSteps && batches.Next() is { } batch; i++)
        {
            loss = Move(Optimizers[0], CriticLoss(batch.Inputs[0]), at);
            examples += batch.Count;
            sums[0] += loss * batch.Count;
            sums[1] += batch.Count;
        }

        Freeze(critic, true);
        Move(Optimizers[1], -Judge(Sample(examples)), at);
        Freeze(critic, false);
        return new(loss, examples);
    }

    public override IReadOnlyDictionary<string, double> Evaluate(IEnumerable<Batch> batches)
    {
        using var none = no_grad();
        var (sum, count) = (0.0, 0);
        using var rows = batches.GetEnumerator();
        while (true)
        {
            using var scope = NewDisposeScope();
            if (!rows.MoveNext())
            {
                return new Dictionary<string, double> { ["loss"] = sum / Math.Max(1, count) };
            }

            sum += (Judge(Sample(rows.Current.Count)) - Judge(rows.Current.Inputs[0])).item<float>() * rows.Current.Count;
            count += rows.Current.Count;
        }
    }

    /// <summary>λ · mean (‖∇ critic(x̂)‖ − 1)² at points x̂ between real and made ones (eq. 3).</summary>
    public Tensor GradientPenalty(Tensor real, Tensor made)
    {
        var share = rand(real.shape[0], 1);
        var between = ((share * real) + ((1 - share) * made)).detach().requires_grad_(true);
        var gradient = Gradients.Of(critic.Forward(between)[Network.DefaultOutput].sum(), [between], create: true)[0];
        return ((gradient.pow(2).sum(1) + 1e-12).sqrt() - 1).pow(2).mean() * spec.Penalty;
    }

    private Tensor CriticLoss(Tensor real)
    {
        Tensor made;
        using (no_grad())
        {
            made = Sample(real.shape[0]);
        }

        return Judge(made) - Judge(real) + GradientPenalty(real, made);
    }

    private Tensor Sample(long count) =>
        generator.Forward(randn(count, generator.Plan.Network.Inputs[0].Shape.Size(1)))[Network.DefaultOutput];

    private Tensor Judge(Tensor points) => critic.Forward(points)[Network.DefaultOutput].mean();

    private double Move(OptimizerRun optimizer, Tensor loss, StepPosition at)
    {
        optimizer.ZeroGradients();
        loss.backward();
        GradientsReady(at);
        optimizer.Step(options.Optimizer.LearningRate * at.LearningRateFactor);
        return loss.item<float>();
    }

    private static void Freeze(TorchNetwork network, bool frozen)
    {
        foreach (var (_, tensor, _) in network.Tensors.Where(t => t.Trainable))
        {
            tensor.requires_grad = !frozen;
            tensor.grad = null;
        }
    }

    private OptimizerRun Optimizer(TorchNetwork network) =>
        options.Optimizer.Start([.. network.Tensors.Where(t => t.Trainable).Select(t => t.Tensor)]);
}
