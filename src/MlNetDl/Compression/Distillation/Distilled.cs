using System.Text.Json.Serialization;
using MlNetDl.Configuration;
using MlNetDl.Training;

namespace MlNetDl.Compression;

/// <summary>Knowledge distillation (Hinton, Vinyals and Dean 2015, arXiv:1503.02531): in the training of the stage
/// before it, the network learns from the labels and from the answers of a teacher, a larger model as a rule.</summary>
/// <remarks>
/// <para>For classes the loss becomes (1 − α)·L + α·T²·KL(softmax(t/T) ‖ softmax(s/T)): L the loss of the labels, t the
/// teacher's logits, s the network's. A logit of yes is one of two classes, whose other logit is 0. For values it
/// becomes (1 − α)·L + α·mean (s − t)², on the scale on which the network is trained. Both are means over the batch, by
/// the weights of the examples; class weights and the loss's own settings apply to L only.</para>
/// <para>The teacher scores the batches as the network sees them, augmented, with ONNX Runtime, in evaluation mode and
/// without gradients. Its own standardisation is part of its graph, so it reads the same inputs. Without augmentation
/// its answers are kept (<see cref="CacheMB"/>), so each example is scored once. A model whose answers depend on the
/// other examples of a batch, such as one with dynamic quantisation, gives kept answers of the batch that came
/// first.</para>
/// <para>Of a pipeline only the network is the teacher, so the columns must be prepared alike for both. An <c>.onnx</c>
/// from elsewhere must read such inputs, and answer with logits or probabilities in the order of the label's classes,
/// or with values in the label's unit.</para>
/// </remarks>
public sealed record Distilled : FitHook
{
    /// <summary>The teacher: a model <c>.zip</c> or an <c>.onnx</c>, or several of these, whose probabilities or values
    /// are averaged.</summary>
    /// <remarks>A file names it. In C# it is not required, because <c>trainer.Distilled(model, new() { … })</c> gives
    /// it.</remarks>
    [JsonRequired]
    public ValueList<Teacher> Teacher { get; init; } = [];

    /// <summary>The temperature T that softens both distributions, above 0; 4 by default. A high one shows how a
    /// teacher ranks the wrong classes. Values have none.</summary>
    [Above(0)]
    public double Temperature { get; init; } = 4;

    /// <summary>The part α of the teacher in the loss, 0 to 1; 0.9 by default, since soft answers say more than labels.
    /// With 0 and no <see cref="Hints"/> the training is the one without a teacher.</summary>
    [AtLeast(0), AtMost(1)]
    public double Alpha { get; init; } = 0.9;

    /// <summary>Inner values that the network is to learn from the teacher (FitNets, Romero et al. 2014,
    /// arXiv:1412.6550); none by default. Each adds its weight times the mean squared difference of the two
    /// values.</summary>
    /// <remarks>Where the numbers of channels differ, the student's value passes a 1×1 convolution (vectors: a linear
    /// layer) that is trained along with it and dropped afterwards. The paper trains hints before the rest; two fits do
    /// so: <c>[fit, distilled with hints and alpha 0, fit, distilled]</c>.</remarks>
    public ValueList<Hint> Hints { get; init; } = [];

    /// <summary>Inner values whose attention the network is to learn (Zagoruyko and Komodakis 2016, arXiv:1612.03928,
    /// equation 2 with p = 2); none by default.</summary>
    /// <remarks>The attention of a value [N, C, H, W] is Q = Σᶜ A², flattened and divided by its 2-norm. Each adds
    /// weight/2·‖Q(student) − Q(teacher)‖, the 2-norm without a square, mean over the batch. Numbers of channels may
    /// differ, heights and widths may not.</remarks>
    public ValueList<Hint> Attention { get; init; } = [];

    /// <summary>Megabytes of the teacher's answers to keep in memory, 0 or more; 256 by default, which holds 6.7
    /// million examples of 10 classes. Answers beyond it are computed again in each epoch.</summary>
    [AtLeast(0)]
    public int CacheMB { get; init; } = 256;

    /// <inheritdoc/>
    /// <remarks>The digests of the teachers' graphs.</remarks>
    /// <exception cref="ArgumentException">There is no teacher.</exception>
    /// <exception cref="FileNotFoundException">A teacher's file is not there.</exception>
    /// <exception cref="Files.ModelFormatException">A teacher's file is no model, or is damaged.</exception>
    public override string Identity() => string.Join(' ', Contents().Select(c => c.Digest));

    /// <inheritdoc/>
    public override Stage WithFullPaths() => this with { Teacher = [.. Teacher.Select(t => t.WithFullPath())] };

    /// <inheritdoc/>
    public override Stage WithoutPaths() => this with { Teacher = [] };

    /// <inheritdoc/>
    public override bool KeepsNetworks => true;

    /// <inheritdoc/>
    public override IEnumerable<RecordProblem> Problems()
    {
        if (Teacher.Any(t => string.IsNullOrWhiteSpace(t?.ToString())))
        {
            yield return new("teacher", "names no file; give the path of a model .zip or of an .onnx, or several.");
        }

        if (Teacher.Count > 1 && (Hints.Count > 0 || Attention.Count > 0))
        {
            yield return new("teacher", $"names {Teacher.Count} models, but {(Hints.Count > 0 ? "hints" : "attention")} come from inner values "
                + "of one; give one teacher.");
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A teacher does not suit the network, or a hint names a value that is not
    /// there.</exception>
    public override void Check(StageContext context) => Start(context with { Message = _ => { } }).Dispose();

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A teacher does not suit the network, or a hint names a value that is not
    /// there.</exception>
    /// <exception cref="Files.ModelFormatException">A teacher's file is no model, or is damaged.</exception>
    public override StepHook Start(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var student = StudentSide.Of(context);
        var contents = Contents();
        InnerTerms? terms;
        var teachers = new List<TeacherModel>();
        try
        {
            teachers.AddRange(contents.Select(c => TeacherOpening.Open(c, student, context)));
            terms = InnerTerms.Of(this, contents[0], student, teachers[0].FeatureOrder);
        }
        catch
        {
            teachers.ForEach(t => t.Dispose());
            throw;
        }

        foreach (var teacher in teachers.Where(t => t.FeatureOrder is not null || t.ClassOrder is not null))
        {
            context.Message($"distilled: {teacher.Content.Name} holds features or classes in another order than the student; they are matched by name.");
        }

        var taught = new TaughtAnswers(teachers, student.Form, student.Scale, student.Width);
        if (context.Options.Augmentations.Count == 0)
        {
            taught.Keep(context.Data.ExampleCount, CacheMB);
        }

        return new DistillationHook(student.Form, Temperature, Alpha, taught, terms);
    }

    private List<TeacherContent> Contents()
    {
        if (Teacher.Count == 0)
        {
            throw new ArgumentException("The stage 'distilled' has no teacher; give one in Distilled.Teacher, or by "
                + "trainer.Distilled(model).");
        }

        return [.. Teacher.Select(t => t.Load())];
    }
}

/// <summary>A pair of inner values, of which the student's learns from the teacher's.</summary>
/// <param name="Teacher">The path of a layer of the teacher, such as <c>layer3/1/conv2</c>, or the name of a wire. The
/// path of a block stands for the value that leaves it.</param>
/// <param name="Student">The same of the network that learns.</param>
public sealed record Hint(string Teacher, string Student)
{
    /// <summary>The weight of the term in the loss, 0 or more; 1 by default.</summary>
    [AtLeast(0)]
    public double Weight { get; init; } = 1;
}
