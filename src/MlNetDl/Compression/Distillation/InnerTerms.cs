using MlNetDl.Analysis;
using MlNetDl.Data;
using MlNetDl.Torch;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>The terms of hints and attention. Its regressors are trained along with the student.</summary>
internal sealed class InnerTerms : IDisposable
{
    private readonly InnerTeacher inner;
    private readonly long[]? featureOrder;
    private readonly IReadOnlyList<InnerPair> pairs;
    private readonly Regressor?[] regressors;
    private TorchNetwork? teacher;
    private SlotWatch taught = null!;
    private SlotWatch learnt = null!;
    private Optimizer mover = null!;
    private OptimizerRun? optimizer;
    private Tensor? steps;

    private InnerTerms(InnerTeacher inner, IReadOnlyList<InnerPair> pairs, long[]? featureOrder) =>
        (this.inner, this.pairs, this.featureOrder, regressors) = (inner, pairs, featureOrder, new Regressor?[pairs.Count]);

    /// <summary>The terms of a stage; <see langword="null"/> where it has none.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="content">The teacher.</param>
    /// <param name="student">The student.</param>
    /// <param name="featureOrder">The order of the teacher's features; see <see cref="TeacherModel.FeatureOrder"/>.</param>
    /// <exception cref="ArgumentException">A value does not exist, or two do not fit each other.</exception>
    public static InnerTerms? Of(Distilled stage, TeacherContent content, StudentSide student, long[]? featureOrder)
    {
        if (stage.Hints.Count == 0 && stage.Attention.Count == 0)
        {
            return null;
        }

        var inner = InnerTeacher.Of(content);
        ForwardHooks.Require(student.Plan, "a hint or attention", "leave them out; soft targets need no inner values.");
        ForwardHooks.Require(inner.Plan, "a hint or attention of the teacher", "leave them out; soft targets need no inner values.");
        return new(
            inner,
            [
                .. stage.Hints.Select((h, i) => InnerPair.Of(h, $"hints[{i}]", isAttention: false, inner.Plan, student.Plan)),
                .. stage.Attention.Select((h, i) => InnerPair.Of(h, $"attention[{i}]", isAttention: true, inner.Plan, student.Plan)),
            ],
            featureOrder);
    }

    /// <summary>The regressors with their optimiser's state, for checkpoints.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> State =>
    [
        .. regressors.Index().Where(r => r.Item is not null)
            .SelectMany(r => new[] { ($"hint{r.Index}/weight", r.Item!.Weight), ($"hint{r.Index}/bias", r.Item.Bias) }),
        .. optimizer is null ? [] : optimizer.State.Select((t, i) => ($"hints/{i}", t)),
        .. steps is null ? [] : new[] { ("hints/steps", steps) },
    ];

    /// <summary>Makes teacher and regressors, and watches the student.</summary>
    public void Start(TorchNetwork student, TrainingOptions options)
    {
        using var scope = NewDisposeScope();
        using (no_grad())
        {
            teacher = inner.ToTorch(student.Device);
            teacher.Hook = taught = new(teacher.Plan, pairs.Select(p => p.Teacher.Slot));
            student.Hook = learnt = new(student.Plan, pairs.Select(p => p.Student.Slot), student.Hook);
            for (int i = 0; i < pairs.Count; i++)
            {
                regressors[i] = pairs[i].Channels is var (from, to)
                    ? new(from, to, unchecked(options.SeedOrDefault + i), student.Device)
                    : null;
            }

            if (Trained().ToList() is { Count: > 0 } trained)
            {
                mover = MoverOf(options.Optimizer);
                optimizer = mover.Start(trained);
                steps = zeros(1, int64).DetachFromDisposeScope();
            }
        }
    }

    /// <summary>The sum of all terms for a batch that the student has just seen, a scalar.</summary>
    public Tensor Of(Batch batch, IReadOnlyDictionary<string, Tensor> outputs)
    {
        // The loss of a batch may be asked for again, and gradients would add up.
        optimizer?.ZeroGradients();
        IReadOnlyDictionary<string, Tensor> scored;
        using (no_grad())
        {
            scored = teacher!.Forward([.. batch.Inputs.Select(x => TeacherModel.Ordered(x, featureOrder))]);
        }

        Tensor? sum = null;
        for (int i = 0; i < pairs.Count; i++)
        {
            var own = learnt.Of(pairs[i].Student, outputs);
            var term = pairs[i].Of(regressors[i]?.Of(own) ?? own, taught.Of(pairs[i].Teacher, scored).detach(), batch.Weights);
            sum = sum is null ? term : sum.Add(term);
        }

        taught.Clear();
        learnt.Clear();
        return sum!;
    }

    /// <summary>Moves the regressors.</summary>
    public void Moved(StepPosition at)
    {
        if (optimizer is null)
        {
            return;
        }

        // A checkpoint brings the number of steps back in the tensor.
        using var none = no_grad();
        optimizer.Steps = steps!.item<long>();
        optimizer.Step(mover.LearningRate * at.LearningRateFactor);
        steps.FillInPlace(optimizer.Steps);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        teacher?.Dispose();
        optimizer?.Dispose();
        steps?.Dispose();
        foreach (var regressor in regressors)
        {
            regressor?.Dispose();
        }
    }

    private IEnumerable<Tensor> Trained() => regressors.Where(r => r is not null).SelectMany(r => new[] { r!.Weight, r.Bias });

    // An optimiser that evaluates the loss elsewhere than at the weights is the student's affair.
    private static Optimizer MoverOf(Optimizer optimizer) => optimizer switch
    {
        IReevaluatingOptimizer and WrappingOptimizer wrapping => MoverOf(wrapping.Base),
        IReevaluatingOptimizer => new Adam(),
        _ => optimizer,
    };
}
