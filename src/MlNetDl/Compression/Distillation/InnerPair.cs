using MlNetDl.Analysis;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>Two inner values that are compared.</summary>
/// <param name="Teacher">The teacher's.</param>
/// <param name="Student">The student's.</param>
/// <param name="Weight">The weight of the term.</param>
/// <param name="IsAttention">Whether their attention is compared, and not the values.</param>
internal sealed record InnerPair(InnerValue Teacher, InnerValue Student, double Weight, bool IsAttention)
{
    private const int Map = 4, Vector = 2;

    /// <summary>The numbers of channels between which a regressor is needed; <see langword="null"/> where they
    /// agree.</summary>
    public (int From, int To)? Channels =>
        !IsAttention && Student.Shape.Rank is Map or Vector && Student.Shape[1] != Teacher.Shape[1] ? (Student.Shape.Size(1), Teacher.Shape.Size(1)) : null;

    /// <summary>The pair that a hint names.</summary>
    /// <exception cref="ArgumentException">A value does not exist, or the two do not fit each other.</exception>
    public static InnerPair Of(Hint hint, string where, bool isAttention, Plan teacher, Plan student)
    {
        var pair = new InnerPair(
            InnerValues.Find(teacher, hint.Teacher, $"{where}.teacher"),
            InnerValues.Find(student, hint.Student, $"{where}.student"),
            hint.Weight,
            isAttention);
        if (pair.Problem() is { } problem)
        {
            throw new ArgumentException($"{where}: the teacher's '{hint.Teacher}' is {pair.Teacher.Shape}, "
                + $"the student's '{hint.Student}' is {pair.Student.Shape}; {problem}.");
        }

        return pair;
    }

    /// <summary>The term, a scalar.</summary>
    /// <param name="student">The student's value, with the teacher's number of channels.</param>
    /// <param name="teacher">The teacher's value.</param>
    /// <param name="weights">Weights of the examples, float32 [N].</param>
    public Tensor Of(Tensor student, Tensor teacher, Tensor? weights) => IsAttention
        ? SoftTargets.MeanOf((AttentionOf(student) - AttentionOf(teacher)).norm(1, false, 2), weights).Mul(Weight / 2)
        : SoftTargets.MeanOf(SoftTargets.SquaredDifference(student, teacher), weights).Mul(Weight);

    // A map of zeros stays one.
    private static Tensor AttentionOf(Tensor value) => nn.functional.normalize(value.Pow(2).sum(1).flatten(1), 2, 1);

    private string? Problem()
    {
        if (IsAttention && (Teacher.Shape.Rank != Map || Student.Shape.Rank != Map))
        {
            return "attention is of maps [N, C, H, W]";
        }

        if (Teacher.Shape.Rank != Student.Shape.Rank
            || Teacher.Shape.Type != ElementType.Float32
            || Student.Shape.Type != ElementType.Float32)
        {
            return "both must have the same number of dimensions, of float32";
        }

        bool mayDiffer = IsAttention || Student.Shape.Rank is Map or Vector;
        int from = mayDiffer ? 2 : 1;
        return Teacher.Shape.Dims.Skip(from).SequenceEqual(Student.Shape.Dims.Skip(from)) ? null
            : mayDiffer ? "only numbers of channels may differ, heights and widths may not"
            : "all dimensions behind the batch must agree";
    }
}
