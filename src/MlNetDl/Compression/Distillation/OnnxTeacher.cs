using System.Globalization;
using System.Text.Json;
using MlNetDl.Analysis;
using MlNetDl.Files;
using MlNetDl.Layers.Contracts;
using MlNetDl.Metrics;
using MlNetDl.Models;
using MlNetDl.Onnx;
using MlNetDl.Onnx.Schema;
using MlNetDl.Training;
using static TorchSharp.torch;
using Dimension = MlNetDl.Onnx.Schema.TensorShapeProto.Types.Dimension;

namespace MlNetDl.Compression;

/// <summary>Starts a teacher that is a plain <c>.onnx</c>. One of this library tells task and classes in its metadata.
/// One from elsewhere tells nothing of that, so its answers for the first batch are looked at.</summary>
internal static class OnnxTeacher
{
    // Softmax in float32 leaves sums within 1e-6 of 1, in float16 within 1e-3.
    private const double SumTolerance = 1e-3;

    /// <exception cref="ArgumentException">The model does not suit the student.</exception>
    public static TeacherModel Open(TeacherContent content, StudentSide student, StageContext context)
    {
        var graph = Parsed(content).Graph;
        var weights = graph.Initializer.Select(t => t.Name).ToHashSet();
        var inputs = graph.Input.Where(i => !weights.Contains(i.Name)).ToList();
        TeacherOpening.CheckInputs(content, [.. inputs.Select(i => ShapeOf(content, i))], student);
        if (inputs.Find(HasFixedBatch) is { } rigid)
        {
            throw new ArgumentException($"{content.Subject} takes batches of exactly {BatchOf(rigid)!.DimValue} examples; "
                + "export it with a batch of any size.");
        }

        var output = graph.Output.Select(o => o.Name).FirstOrDefault(n => n == Network.DefaultOutput) ?? graph.Output[0].Name;
        var names = inputs.Select(i => i.Name).ToList();
        var threads = context.Options.Threads;
        var metadata = OnnxReader.ReadMetadata(content.Onnx);
        long[]? classes = null;
        if (metadata.TryGetValue("mlnetdl.task", out var task))
        {
            TeacherOpening.CheckTask(content, task, student, task == StudentSide.NameOf(student.Task));
            classes = TeacherOpening.OrderOfClasses(content, NamesIn(content, metadata, ModelManifest.ClassesInMetadata) ?? [], student);
            TeacherOpening.CheckWords(
                content, new() { YesNoNames = NamesIn(content, metadata, ModelManifest.YesNoInMetadata)?.ToValueList() }, student);
        }

        var (width, answers) = Tried(new(content, names, output, threads), context);
        TeacherOpening.CheckWidth(content, width, student);
        var kind = task is not null || student.Form == ScoreForm.Values
            ? TeacherOpening.KindOf(student.Form)
            : Questioned(content, answers, width, student, context);
        return new(content, names, output, threads) { Kind = kind, ClassOrder = classes };
    }

    /// <summary>Whether answers are probabilities: each row of classes is nowhere negative and sums to 1, or each
    /// answer of yes lies between 0 and 1.</summary>
    /// <param name="answers">The answers, row-major.</param>
    /// <param name="width">Classes of a row; 1 for answers of yes, of which a row may have several.</param>
    public static bool AreProbabilities(ReadOnlySpan<float> answers, int width)
    {
        for (int start = 0; start < answers.Length; start += width)
        {
            double sum = 0;
            foreach (float value in answers.Slice(start, width))
            {
                if (value < 0)
                {
                    return false;
                }

                sum += value;
            }

            if (width == 1 ? sum > 1 : Math.Abs(sum - 1) > SumTolerance)
            {
                return false;
            }
        }

        return true;
    }

    private static AnswerKind Questioned(
        TeacherContent content, float[] answers, int width, StudentSide student, StageContext context)
    {
        bool isYes = student.Form != ScoreForm.Probabilities;
        bool are = AreProbabilities(answers, isYes ? 1 : width);
        var rule = isYes
            ? $"lie {(are ? "" : "not all ")}between 0 and 1"
            : $"are {(are ? "" : "not all ")}rows of numbers from 0 on that sum to 1";
        context.Message($"{content.Subject} answers with {(are ? "probabilities" : "logits")}: its answers for the first batch {rule}.");
        if (student.Form != ScoreForm.Logit)
        {
            context.Message($"{content.Subject} does not name its classes, so only their number "
                + $"({width.ToString(CultureInfo.InvariantCulture)}) was compared; they must stand in the order {student.Label.ClassNames}.");
        }

        return are ? AnswerKind.Probabilities : AnswerKind.Plain;
    }

    // The first batch is that of the first epoch, whenever the training begins or goes on.
    private static (int Width, float[] Answers) Tried(TeacherModel teacher, StageContext context)
    {
        using (teacher)
        {
            using var scope = NewDisposeScope();
            using var none = no_grad();
            using var epoch = context.Data.Epoch(0).GetEnumerator();
            if (!epoch.MoveNext())
            {
                throw new ArgumentException("There is no batch on which the teacher could be tried.");
            }

            var answer = teacher.Score(epoch.Current.Inputs);
            if (answer.Dims.Count != 2 || answer.Dims[0] != epoch.Current.Count || answer.Dims[1] < 1)
            {
                throw new ArgumentException($"{teacher.Content.Subject} answers a batch of {epoch.Current.Count} examples with "
                    + $"{answer.Dims}; expected a row of scores for each example [N, K].");
            }

            return ((int)answer.Dims[1], answer.Floats);
        }
    }

    private static ModelProto Parsed(TeacherContent content)
    {
        var model = OnnxReader.Parse(content.Onnx);
        if (model.Graph.Output.Count == 0)
        {
            throw new ArgumentException($"{content.Subject} has no output.");
        }

        return model;
    }

    private static string[]? NamesIn(TeacherContent content, IReadOnlyDictionary<string, string> metadata, string key)
    {
        try
        {
            return metadata.TryGetValue(key, out var names) ? JsonSerializer.Deserialize<string[]>(names) : null;
        }
        catch (JsonException e)
        {
            throw new ModelFormatException($"{content.Subject} has damaged class names in its metadata: {e.Message}", e);
        }
    }

    private static Dimension? BatchOf(ValueInfoProto input) => input.Type?.TensorType?.Shape is { Dim: [var batch, ..] } ? batch : null;

    private static bool HasFixedBatch(ValueInfoProto input) => BatchOf(input) is { ValueCase: Dimension.ValueOneofCase.DimValue };

    // The shape is null where the model does not tell it.
    private static Shape? ShapeOf(TeacherContent content, ValueInfoProto input)
    {
        if (input.Type?.TensorType is not { } tensor)
        {
            return null;
        }

        var type = (TensorProto.Types.DataType)tensor.ElemType switch
        {
            TensorProto.Types.DataType.Float => ElementType.Float32,
            TensorProto.Types.DataType.Int64 => ElementType.Int64,
            TensorProto.Types.DataType.Bool => ElementType.Bool,
            _ => throw new ArgumentException($"{content.Subject} reads '{input.Name}' as the ONNX type {tensor.ElemType}; expected "
                + "float32, int64 or bool."),
        };
        return tensor.Shape is null ? null : new(type, tensor.Shape.Dim.Select(DimOf).ToValueList());
    }

    private static Dim DimOf(Dimension dim) =>
        dim.ValueCase == Dimension.ValueOneofCase.DimValue && dim.DimValue >= 0 ? Dim.Of(dim.DimValue)
        : Dim.Of(string.IsNullOrWhiteSpace(dim.DimParam) ? "?" : dim.DimParam);
}
