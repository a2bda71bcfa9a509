using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Data;
using TorchSharp;

namespace MlNetDl.Tasks;

/// <summary>Reads the label of the row at hand: the numbers of all its targets, a class by its index from 0. NaN among
/// them is a missing label, and so is a number that is not written.</summary>
/// <param name="target">As many numbers as <see cref="LabelForm.Targets"/> have, in their order.</param>
public delegate void ReadLabel(Span<float> target);

/// <summary>Form of labels: which ML.NET columns can hold one, how a row's is read, and which sets of examples suit
/// it.</summary>
/// <remarks>A row's label is some numbers; <see cref="Targets"/> says which named tensors they become
/// in a batch.</remarks>
public abstract class LabelForm
{
    /// <summary>The demand on a label column, for messages: <c>a key (append Conversion.MapValueToKey before the
    /// trainer)</c>.</summary>
    public abstract string Expected { get; }

    /// <summary>Whether a target is an index of one of several named classes; otherwise it is values.</summary>
    public abstract bool IsClassIndex { get; }

    /// <summary>The kind as which a column of a text file is read.</summary>
    public abstract DataKind TextKind { get; }

    /// <summary>The label that a column holds, by its kind and type alone, before there is data; <see langword="null"/>
    /// where it is no such label. Numbers of classes and values are not known yet.</summary>
    public abstract LabelInfo? Foretell(SchemaShape.Column column);

    /// <summary>The label that a column holds; <see langword="null"/> where it is no such label.</summary>
    public abstract LabelInfo? Describe(DataViewSchema.Column column);

    /// <summary>Names of the columns that a label has beside its own, such as the boxes beside the classes of an
    /// image's objects; none by default.</summary>
    public virtual IReadOnlyList<string> FurtherColumns => [];

    /// <summary>The targets of an example by name: by default one, <see cref="Batch.DefaultTarget"/>, int64 [N] for
    /// classes and float32 [N, <see cref="LabelInfo.Width"/>] for values.</summary>
    /// <remarks>Supervised training and metrics compare with that target; others are there for steps and hooks (<see
    /// cref="Batch.Targets"/>). A form that has others only needs a step of its own.</remarks>
    public virtual IReadOnlyList<TargetPart> Targets(LabelInfo label) =>
        [IsClassIndex ? TargetPart.Class() : TargetPart.Values(label.Width)];

    /// <summary>A reader of the column's value in the row at hand.</summary>
    /// <param name="row">The row, or a cursor over rows; <see cref="FurtherColumns"/> can be read from it too.</param>
    /// <param name="column">A column that <see cref="Describe(DataViewSchema.Column)"/> took.</param>
    /// <param name="label">What it said.</param>
    public abstract ReadLabel Reader(DataViewRow row, DataViewSchema.Column column, LabelInfo label);

    /// <summary>Description of the targets of a set in memory. The set has features and targets of matching
    /// numbers.</summary>
    /// <exception cref="ArgumentException">The targets do not suit; the message says which and where.</exception>
    public abstract LabelInfo Describe(Examples examples);

    /// <summary>Names of the classes that targets tell apart, by index; empty where targets are no classes.</summary>
    public abstract IReadOnlyList<string> Classes(LabelInfo label);

    /// <summary>The index in <see cref="Classes"/> of a row's target; 0 where targets are no classes.</summary>
    /// <remarks>By default the first number where a target is a class index.</remarks>
    /// <param name="target">The numbers of <see cref="Targets"/> as <see cref="ReadLabel"/> gives them; further ones
    /// may stand behind.</param>
    public virtual int ClassOf(ReadOnlySpan<float> target) => IsClassIndex ? (int)target[0] : 0;

    /// <summary>The indices in <see cref="Classes"/> of a batch's targets, int64 [N]; <see langword="null"/> where
    /// targets are no classes.</summary>
    public virtual torch.Tensor? ClassesOf(torch.Tensor targets) => null;
}
