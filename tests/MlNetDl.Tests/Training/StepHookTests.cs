using MlNetDl.Analysis;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Torch;
using MlNetDl.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Training;

/// <summary>Hooks as compression needs them: a frozen teacher's term in the loss, and masks that hold
/// weights at 0.</summary>
[Collection("torch")]
public sealed class StepHookTests
{
    private const double Temperature = 4, Alpha = 0.9;

    /// <summary>With α = 1 the gradient at the student's logits is T·(p − q) / N, p and q the softened probabilities of
    /// student and teacher (Hinton et al. 2015, section 2.1, times T²).</summary>
    [Fact]
    public void The_gradient_of_a_distillation_follows_its_closed_form()
    {
        using var scope = NewDisposeScope();
        using var hook = new Distillation(Teacher(), alpha: 1);
        Tensor inputs = randn(5, Samples.Width),
            student = randn(5, Samples.Classes).requires_grad_(true),
            ignored = zeros(1).requires_grad_(true).sum();
        var loss = hook.Loss(
            new Batch([inputs], zeros(5, int64)),
            new Dictionary<string, Tensor> { ["output"] = student },
            ignored,
            default);
        loss.backward();
        var q = nn.functional.softmax(hook.Teacher.Forward(inputs)["output"].detach() / Temperature, 1);
        var expected = Temperature * (nn.functional.softmax(student / Temperature, 1) - q) / 5;
        Assert.True(student.grad!.allclose(expected, rtol: 1e-4, atol: 1e-6));
    }

    [Fact]
    public void A_student_learns_from_its_teacher_and_continues_bit_for_bit()
    {
        var options = Samples.Options with { Epochs = 3, RestoreBestWeights = true };
        var straight = Samples.Fit(options, hooks: [new Distillation(Teacher())]);
        Assert.NotEqual(Samples.Fit(options).Report.Epochs[^1].Training["loss"], straight.Report.Epochs[^1].Training["loss"]);

        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Samples.Fit(
            options,
            folder["checkpoint"],
            stop,
            hooks: [new Distillation(Teacher())],
            callbacks: new CancelAfter(8, stop)));
        var resumed = Samples.Fit(options, folder["checkpoint"], hooks: [new Distillation(Teacher())]);
        Samples.AssertSame(straight.Weights, resumed.Weights);
        Assert.Equal(straight.Report.Epochs.Select(Samples.Figures), resumed.Report.Epochs.Select(Samples.Figures));
    }

    [Fact]
    public void A_teacher_beside_the_networks_stays_as_it_is_and_is_freed_with_the_step()
    {
        var hook = new Distillation(Teacher());
        var before = hook.Teacher.ReadWeights();
        Samples.Fit(
            Samples.Options with { Epochs = 1 },
            hooks: [hook, new Check(() => Samples.AssertSame(before, hook.Teacher.ReadWeights()))]);
        Assert.True(hook.Teacher.Tensors.All(t => t.Tensor.IsInvalid));
    }

    [Fact]
    public void Masked_weights_stay_0_and_continue_bit_for_bit()
    {
        var options = Samples.Options with
        {
            Epochs = 4,
            RestoreBestWeights = true,
            ClipNorm = 1,
        };
        var straight = Samples.Fit(options, hooks: [new Mask(0.5)]);
        AssertHalf(straight.Weights);

        using var folder = new TemporaryFolder();
        foreach (int steps in new[] { 3, 12, 7 })
        {
            using var stop = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(() => Samples.Fit(
                options, folder["checkpoint"], stop, hooks: [new Mask(0.5)], callbacks: new CancelAfter(steps, stop)));
        }

        var resumed = Samples.Fit(options, folder["checkpoint"], hooks: [new Mask(0.5)]);
        Samples.AssertSame(straight.Weights, resumed.Weights);
        Assert.Equal(straight.Report.Epochs.Select(Samples.Figures), resumed.Report.Epochs.Select(Samples.Figures));
        Assert.Equal(straight.Report.BestEpoch, resumed.Report.BestEpoch);

        static void AssertHalf(Weights weights) =>
            Assert.All(weights.Where(w => w.Dims.Count > 1), w => Assert.Equal(w.Data.Length / 2, w.Data.Count(v => v == 0)));
    }

    /// <summary>The mask is drawn in the middle of the training; what was better before it was dense.</summary>
    [Fact]
    public void The_best_epoch_is_one_that_is_masked()
    {
        var options = Samples.Options with
        {
            Epochs = 6,
            RestoreBestWeights = true,
            EarlyStopping = new() { Patience = 1 },
        };
        var (weights, report) = Samples.Fit(options, hooks: [new Mask(0.9)]);
        Assert.True(report.Epochs.Take(3).Min(e => e.Validation["loss"]) < report.Epochs[3].Validation["loss"]);
        Assert.True(report.BestEpoch > 3);
        Assert.All(weights.Where(w => w.Dims.Count > 1), w => Assert.True(w.Data.Count(v => v == 0) >= 0.8 * w.Data.Length));
    }

    [Fact]
    public void Several_hooks_take_part_in_order()
    {
        var calls = new List<string>();
        Samples.Fit(Samples.Options with { Epochs = 1, BatchSize = 90 }, hooks: [new Recorder("a", 2, calls), new Recorder("b", 3, calls)]);
        Assert.Equal(
            [
                "a starts", "b starts", "a loss", "b loss", "a gradients", "b gradients", "a moved", "b moved",
                "a may be best", "b may be best",
            ],
            calls[..^2]);
        Assert.Equal(["a freed", "b freed"], calls[^2..]);
    }

    [Fact]
    public void A_hook_sees_augmented_inputs_row_numbers_all_outputs_and_the_loss_so_far()
    {
        using var session = TorchSession.Enter(1, 1);
        var network = new Network(
            new Sequential(
                new Linear(4),
                new Tap("middle", new Identity()) { Role = TapRole.Output },
                new Linear(Samples.Classes)),
            Shape.Vector(Samples.Width));
        var examples = Samples.Blobs(12);
        var seen = new Seen();
        using var step = new SupervisedStep(
            new TorchNetwork(network), PredictionTask.Multiclass.Of(), Samples.Options, new Recorder("x", 2, []), seen);
        using var batches = new TensorBatches(examples, 12, 1, augment: (batch, _) => batch with { Inputs = [batch.Inputs[0] + 1] });
        new Trainer(Samples.Options with { Epochs = 1 }).Fit(step, batches);
        Assert.Equal(["middle", "output"], seen.Outputs.Order());
        Assert.Equal(Enumerable.Range(0, 12), seen.Rows.Order().Select(r => (int)r));
        Assert.All(
            seen.Rows.Zip(seen.First),
            p => Assert.Equal(((float[])examples.Features)[p.First * Samples.Width] + 1, p.Second, 1e-6f));
        Assert.Equal(seen.SoFar, step.RunningMetrics["loss"], 1e-6);
    }

    private static TorchNetwork Teacher()
    {
        manual_seed(11);
        return new(Samples.Network);
    }

    /// <summary>(1 − α)·L + α·T²·KL(q ‖ p), mean over the batch.</summary>
    private sealed class Distillation : StepHook
    {
        private readonly double alpha;

        public Distillation(TorchNetwork teacher, double alpha = Alpha)
        {
            (Teacher, this.alpha) = (teacher, alpha);
            teacher.SetTraining(false);
            foreach (var (_, tensor, trainable) in teacher.Tensors.Where(t => t.Trainable))
            {
                tensor.requires_grad = false;
            }
        }

        public TorchNetwork Teacher { get; }

        public override Tensor Loss(Batch batch, IReadOnlyDictionary<string, Tensor> outputs, Tensor loss, StepPosition at)
        {
            Tensor taught;
            using (no_grad())
            {
                taught = nn.functional.log_softmax(Teacher.Forward(batch.Inputs)["output"] / Temperature, 1);
            }

            var learnt = nn.functional.log_softmax(outputs["output"] / Temperature, 1);
            var divergence = (taught.exp() * (taught - learnt)).sum(1).mean();
            return (loss * (1 - alpha)) + (divergence * alpha * Temperature * Temperature);
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            Teacher.Dispose();
        }
    }

    /// <summary>From the middle of the training on, the smallest weights of each matrix are held at 0.</summary>
    private sealed class Mask(double share) : StepHook
    {
        private readonly List<(string Name, Tensor Weight, Tensor Mask)> masks = [];

        public override IEnumerable<(string Name, Tensor Tensor)> State => masks.Select(m => (m.Name, m.Mask));

        public override void Start(TorchNetwork network, TrainingOptions options) =>
            masks.AddRange(network.Tensors.Where(t => t.Trainable && t.Tensor.dim() > 1)
                .Select(t => (t.Name, t.Tensor, ones_like(t.Tensor, requires_grad: false).DetachFromDisposeScope())));

        public override void Moved(StepPosition at)
        {
            using var none = no_grad();
            using var scope = NewDisposeScope();
            foreach (var (_, weight, mask) in masks)
            {
                if (at.Step == at.Steps / 2)
                {
                    var least = weight.abs().flatten().kthvalue((long)(share * weight.numel()), 0).values;
                    mask.copy_(weight.abs().gt(least));
                }

                weight.mul_(mask);
            }
        }

        public override bool MayBeBest(StepPosition at) => at.Step >= at.Steps / 2;

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            foreach (var (_, _, mask) in masks)
            {
                mask.Dispose();
            }
        }
    }

    private sealed class Check(Action check) : StepHook
    {
        public override void Moved(StepPosition at) => check();
    }

    private sealed class Recorder(string name, double factor, List<string> calls) : StepHook
    {
        public override void Start(TorchNetwork network, TrainingOptions options) => calls.Add($"{name} starts");

        public override Tensor Loss(Batch batch, IReadOnlyDictionary<string, Tensor> outputs, Tensor loss, StepPosition at)
        {
            calls.Add($"{name} loss");
            return loss * factor;
        }

        public override void GradientsReady(StepPosition at) => calls.Add($"{name} gradients");

        public override void Moved(StepPosition at) => calls.Add($"{name} moved");

        public override bool MayBeBest(StepPosition at)
        {
            calls.Add($"{name} may be best");
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            calls.Add($"{name} freed");
        }
    }

    private sealed class Seen : StepHook
    {
        public List<string> Outputs { get; } = [];

        public long[] Rows { get; private set; } = [];

        public float[] First { get; private set; } = [];

        public double SoFar { get; private set; }

        public override Tensor Loss(Batch batch, IReadOnlyDictionary<string, Tensor> outputs, Tensor loss, StepPosition at)
        {
            Outputs.AddRange(outputs.Keys);
            Rows = batch.Rows!.data<long>().ToArray();
            First = batch.Inputs[0].select(1, 0).contiguous().data<float>().ToArray();
            SoFar = loss.item<float>();
            return loss;
        }
    }
}
