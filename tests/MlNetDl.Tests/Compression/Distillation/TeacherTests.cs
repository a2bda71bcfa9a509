using MlNetDl.Analysis;
using MlNetDl.Compression;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Networks;
using MlNetDl.Onnx;
using MlNetDl.Tasks;
using MlNetDl.Tests.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Compression.Distillation;

/// <summary>The answers of teachers of every form.</summary>
[Collection("torch")]
public sealed class TeacherTests
{
    /// <summary>A model, its file and its exported graph answer as its tree does in torch, up to a constant a row.</summary>
    [Fact]
    public void A_zip_an_onnx_and_the_tree_in_torch_give_the_same_answers()
    {
        using var folder = new TemporaryFolder();
        var package = Lessons.Teacher;
        using var batches = new TensorBatches(Samples.Blobs(), 40, 1);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        using var torch = package.ToTorch();
        var batch = batches.Epoch(0).First();
        var expected = nn.functional.log_softmax(torch.Forward(batch.Inputs)["output"], 1);
        var messages = new List<string>();
        foreach (var teacher in new[]
        {
            Teacher.Of(package), Teacher.At(package.Saved(folder)), Teacher.At(package.ToOnnx().Saved(folder)), Teacher.Of(package.ToOnnx()),
            Teacher.Of(OnnxWriter.Write(package.Tree(), package.ReadWeights())),
        })
        {
            var context = Lessons.Context(batches, messages: messages);
            var student = StudentSide.Of(context);
            using var taught = new TaughtAnswers(
                [TeacherOpening.Open(teacher.Load(), student, context)], student.Form, student.Scale, student.Width);
            var answers = nn.functional.log_softmax(tensor(taught.Of(batch)).reshape(40, 3), 1);
            Assert.True((answers - expected).abs().max().item<float>() < 1e-5, teacher.ToString());
        }

        // Only the graph without metadata had to be looked at.
        Assert.Equal(
            [
                "The teacher answers with logits: its answers for the first batch are not all rows of numbers from 0 on that sum to 1.",
                "The teacher does not name its classes, so only their number (3) was compared; they must stand in the order [a, b, c].",
            ],
            messages);
    }

    [Fact]
    public void Probabilities_of_a_foreign_graph_are_told_from_logits()
    {
        var package = Lessons.Teacher;
        var network = package.Tree();
        var soft = network with { Root = new Sequential(network.Root with { Name = "" }, new Softmax { Name = "soft" }) };
        var messages = new List<string>();
        using var batches = new TensorBatches(Samples.Blobs(), 16, 1);
        var context = Lessons.Context(batches, messages: messages);
        using var teacher = TeacherOpening.Open(
            Teacher.Of(OnnxWriter.Write(soft, package.ReadWeights())).Load(), StudentSide.Of(context), context);
        Assert.Equal(AnswerKind.Probabilities, teacher.Kind);
        Assert.Equal(
            "The teacher answers with probabilities: its answers for the first batch are rows of numbers from 0 on that sum to 1.",
            messages[0]);
    }

    [Theory]
    [InlineData(new[] { 0.5f, 0.5f, 0.1f, 0.9f }, 2, true)]
    [InlineData(new[] { 0.5f, 0.5f, -0.1f, 1.1f }, 2, false)]
    [InlineData(new[] { 0.5f, 0.6f }, 2, false)]
    [InlineData(new[] { 0f, 1f, 0.3f }, 1, true)]
    [InlineData(new[] { 0f, 1.5f }, 1, false)]
    public void Probabilities_are_rows_from_0_on_that_sum_to_1(float[] answers, int width, bool are) =>
        Assert.Equal(are, OnnxTeacher.AreProbabilities(answers, width));

    /// <summary>The teacher answers in the label's unit; the student is trained on its own scale.</summary>
    [Fact]
    public void Values_come_on_the_students_scale()
    {
        var examples = Values();
        var package = Lessons.Trained(new Mlp { Hidden = [6] }, task: new Regression(), examples: examples);
        using var batches = new TensorBatches(examples, 90);
        using var scope = NewDisposeScope();
        var scale = new TargetScale([100], [20]);
        var context = Lessons.Context(
            batches, new(new Linear(1), examples.Shape), new Regression(), new(), scale);
        var student = StudentSide.Of(context);
        var batch = batches.Epoch(0).First();
        using var taught = new TaughtAnswers(
            [TeacherOpening.Open(Teacher.Of(package).Load(), student, context)], student.Form, student.Scale, student.Width);
        using var model = MlNetDl.MlNet.NeuralNetworkTransformer.Of(new(), package);
        var scores = model.Score(examples);
        Assert.True(scores.Max() - scores.Min() > 10);
        Assert.Equal(scores.Select(s => (s - 100) / 20), taught.Of(batch).Select(a => a), new Close(1e-5f));
    }

    /// <summary>Rows in any order, one at a time or all at once, give the same bits.</summary>
    [Fact]
    public void Kept_answers_are_those_that_are_computed_anew()
    {
        using var batches = new TensorBatches(Samples.Blobs(81), 16, 3);
        var context = Lessons.Context(batches);
        var student = StudentSide.Of(context);
        using var kept = Of();
        using var anew = Of();
        kept.Keep(81, 1);
        for (int epoch = 0; epoch < 3; epoch++)
        {
            foreach (int skip in Enumerable.Range(0, 6))
            {
                using var scope = NewDisposeScope();
                var batch = batches.Epoch(epoch, skip).First();
                Assert.Equal(anew.Of(batch), kept.Of(batch));
            }
        }

        Assert.Equal((6, 18), (kept.Calls, anew.Calls));

        TaughtAnswers Of() => new(
            [TeacherOpening.Open(Teacher.Of(Lessons.Teacher).Load(), student, context)], student.Form, student.Scale, student.Width);
    }

    [Fact]
    public void Memory_for_some_of_the_examples_keeps_those()
    {
        using var batches = new TensorBatches(Samples.Blobs(), 16, 3);
        var context = Lessons.Context(batches);
        var student = StudentSide.Of(context);
        using var some = Of();
        using var anew = Of();
        some.Keep(40, 1);
        for (int epoch = 0; epoch < 2; epoch++)
        {
            foreach (int skip in Enumerable.Range(0, 6))
            {
                using var scope = NewDisposeScope();
                var batch = batches.Epoch(epoch, skip).First();
                Assert.Equal(anew.Of(batch), some.Of(batch));
                var nowhere = batch with { Rows = null };
                Assert.Equal(anew.Of(batch), some.Of(nowhere));
            }
        }

        TaughtAnswers Of() => new(
            [TeacherOpening.Open(Teacher.Of(Lessons.Teacher).Load(), student, context)], student.Form, student.Scale, student.Width);
    }

    [Fact]
    public void Teachers_are_equal_by_path_or_by_graph()
    {
        Assert.Equal(Teacher.At("a.zip"), (Teacher)"a.zip");
        Assert.NotEqual(Teacher.At("a.zip"), Teacher.At("b.zip"));
        Assert.Equal(Teacher.Of(Lessons.Teacher), Teacher.Of(MlNetDl.Models.ModelPackage.Read(Lessons.Teacher.ToBytes())));
        Assert.NotEqual(Teacher.Of(Lessons.Teacher), Teacher.Of(Lessons.OtherTeacher));
    }

    /// <summary>Blobs with a value instead of a class.</summary>
    internal static Examples Values()
    {
        var blobs = Samples.Blobs();
        var features = (float[])blobs.Features;
        var targets = Enumerable.Range(0, 90).Select(i => i * Samples.Width)
            .Select(i => 100 + (10 * features[i]) - (7 * features[i + 1])).ToArray();
        return new(blobs.Shape, features, targets);
    }

    private sealed class Close(float tolerance) : IEqualityComparer<float>
    {
        public bool Equals(float x, float y) => Math.Abs(x - y) <= tolerance * (1 + Math.Abs(x));

        public int GetHashCode(float value) => 0;
    }
}
