using MlNetDl.Analysis;
using MlNetDl.Compression;
using MlNetDl.Data;
using MlNetDl.Files;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Onnx;
using MlNetDl.Tasks;
using MlNetDl.Tests.Training;
using MlNetDl.Training;

namespace MlNetDl.Tests.Compression.Distillation;

/// <summary>Teachers that do not suit their student are refused before the first step.</summary>
[Collection("torch")]
public sealed class DistilledRefusalTests
{
    [Fact]
    public void Other_classes_are_refused_by_name()
    {
        var blobs = Samples.Blobs() with { ClassNames = ["a", "b", "d"] };
        const string Expected = "The teacher has the classes [a, b, c], the student's label has [a, b, d]; a teacher needs the same classes.";
        Assert.Equal(Expected, Refused(Teacher.Of(Lessons.Teacher), blobs));
        Assert.Equal(Expected, Refused(Teacher.Of(Lessons.Teacher.ToOnnx()), blobs));
    }

    /// <summary>Such a student would learn the opposite.</summary>
    [Fact]
    public void Another_word_for_yes_is_refused()
    {
        var blobs = Samples.Blobs();
        blobs = blobs with { Targets = Array.ConvertAll((long[])blobs.Targets!, c => c == 0 ? 0f : 1), ClassNames = ["cat", "dog"] };
        var turned = blobs with { ClassNames = ["dog", "cat"] };
        var package = Lessons.Trained(new Mlp { Hidden = [4] }, task: new BinaryClassification(), examples: blobs);
        const string Expected = "The teacher has the classes [cat, dog] for no and yes, the student's label has [dog, cat]; a teacher needs the same ones.";
        foreach (var teacher in new[] { Teacher.Of(package), Teacher.Of(package.ToOnnx()) })
        {
            var recipe = Lessons.Taught(new() { Teacher = [teacher] }) with { Task = new BinaryClassification() };
            Assert.Equal(Expected, Assert.Throws<ArgumentException>(() => recipe.Run(turned)).Message);
            Assert.NotNull(recipe.Run(blobs with { ClassNames = [] }).Package);
        }
    }

    [Fact]
    public void Another_number_of_classes_is_refused()
    {
        var onnx = OnnxWriter.Write(Lessons.Teacher.Tree(), Lessons.Teacher.ReadWeights());
        var blobs = Samples.Blobs() with { ClassNames = ["a", "b", "c", "d"] };
        Assert.Equal(
            "The teacher answers with 3 classes, the student gives 4; a student learns the same classes as its teacher.", Refused(Teacher.Of(onnx), blobs));
    }

    [Fact]
    public void Another_task_is_refused()
    {
        var values = Lessons.Trained(new Mlp { Hidden = [4] }, task: new Regression(), examples: TeacherTests.Values());
        const string Expected = "The teacher is for regression, this training for multiclass; a student learns the task of its teacher.";
        Assert.Equal(Expected, Refused(Teacher.Of(values)));
        Assert.Equal(Expected, Refused(Teacher.Of(values.ToOnnx())));
    }

    [Fact]
    public void Other_inputs_are_refused_with_both_shapes()
    {
        const string Expected = "The teacher takes [N, 6], the student [N, 1, 2, 3]; a teacher scores the batches that the student learns from, "
            + "so both need inputs of one shape.";
        var images = Samples.Blobs() with { Shape = Shape.Image(1, 2, 3) };
        Assert.Equal(Expected, Refused(Teacher.Of(Lessons.Teacher), images));
        Assert.Equal(Expected, Refused(Teacher.Of(Lessons.Teacher.ToOnnx()), images));
    }

    [Fact]
    public void A_graph_of_a_fixed_batch_is_refused()
    {
        var network = new Network(new Linear(3), new Shape(ElementType.Float32, [4, Samples.Width]));
        using var torch = new MlNetDl.Torch.TorchNetwork(network);
        Assert.Equal(
            "The teacher takes batches of exactly 4 examples; export it with a batch of any size.",
            Refused(Teacher.Of(OnnxWriter.Write(network, torch.ReadWeights()))));
    }

    [Fact]
    public void Missing_and_damaged_files_are_refused()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal($"The teacher '{folder["none.zip"]}' does not exist.", Refused<FileNotFoundException>(folder["none.zip"]));
        var place = Path.GetFullPath("no-such-teacher.zip");
        Assert.Equal(
            $"The teacher 'no-such-teacher.zip' does not exist. A path counts from the current folder, so it was looked for at '{place}'.",
            Refused<FileNotFoundException>("no-such-teacher.zip"));
        var whole = File.ReadAllBytes(Lessons.Teacher.Saved(folder));
        Assert.Contains("is not a model, or is damaged", Refused<ModelFormatException>(whole[..^100].Saved(folder, "cut.zip")));
        Assert.Contains(
            "text.onnx' is neither a model .zip nor an ONNX model, or it is damaged",
            Refused<ModelFormatException>("no model"u8.ToArray().Saved(folder, "text.onnx")));
        Assert.Contains("was a model in memory", Refused<InvalidOperationException>("sha256:0123"));
    }

    [Fact]
    public void A_stage_without_a_teacher_or_with_a_wrong_member_is_refused()
    {
        Assert.Equal(
            "The stage 'distilled' has no teacher; give one in Distilled.Teacher, or by trainer.Distilled(model).",
            Refused(new Distilled()));
        Assert.Equal(
            "training.stages[1].teacher names no file; give the path of a model .zip or of an .onnx, or several.",
            Refused(new Distilled { Teacher = [" "] }));
        Assert.Equal(
            "training.stages[1].temperature must be above 0 but is 0.", Refused(new Distilled { Teacher = ["a.zip"], Temperature = 0 }));
        Assert.Equal(
            "training.stages[1].alpha must be 0 to 1 but is 1.5.", Refused(new Distilled { Teacher = ["a.zip"], Alpha = 1.5 }));
        Assert.Equal(
            "training.stages[1].teacher names 2 models, but hints come from inner values of one; give one teacher.",
            Refused(new Distilled { Teacher = ["a.zip", "b.zip"], Hints = [new("x", "y")] }));
    }

    [Fact]
    public void A_teacher_whose_answers_are_no_numbers_is_refused()
    {
        var network = new Network(new Linear(3) { Name = "x" }, Shape.Vector(Samples.Width));
        var weights = new Weights(network.Plan().Parameters.Select(p =>
            new WeightArray(p.Name, p.Parameter.Dims, Enumerable.Repeat(float.NaN, (int)p.Parameter.Count).ToArray())));
        Assert.Contains(
            "The teacher gives values that are no finite numbers",
            Refused<InvalidOperationException>(Teacher.Of(OnnxWriter.Write(network, weights))));
    }

    [Fact]
    public void A_model_without_labels_has_nothing_to_compare()
    {
        using var batches = new TensorBatches(Samples.Blobs(), 16);
        var context = Lessons.Context(batches) with { Task = null };
        Assert.Contains(
            "is trained without labels",
            Assert.Throws<ArgumentException>(() => new Distilled { Teacher = [Teacher.Of(Lessons.Teacher)] }.Start(context)).Message);
        var two = context with
        {
            Task = new MulticlassClassification(),
            Model = context.Model with { Networks = new Dictionary<string, Network> { ["a"] = Samples.Network, ["b"] = Samples.Network } },
        };
        Assert.Equal(
            "A teacher teaches one network, but the model has 2: a, b.",
            Assert.Throws<ArgumentException>(() => new Distilled { Teacher = [Teacher.Of(Lessons.Teacher)] }.Start(two)).Message);
    }

    private static string Refused(Teacher teacher, Examples? examples = null) => Refused<ArgumentException>(teacher, examples);

    private static string Refused<T>(Teacher teacher, Examples? examples = null) where T : Exception =>
        Refused<T>(new Distilled { Teacher = [teacher] }, examples);

    private static string Refused(Distilled distilled) => Refused<ArgumentException>(distilled, null);

    // No step may have been taken.
    private static string Refused<T>(Distilled distilled, Examples? examples) where T : Exception
    {
        using var stop = new CancellationTokenSource();
        var recipe = Lessons.Taught(distilled) with { Callbacks = [new CancelAfter(1, stop)] };
        var error = Assert.Throws<T>(() => recipe.Run(examples ?? Samples.Blobs()));
        Assert.False(stop.IsCancellationRequested);
        return error.Message;
    }
}
