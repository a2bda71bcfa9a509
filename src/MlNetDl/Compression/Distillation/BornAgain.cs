using System.IO.Hashing;
using System.Runtime.InteropServices;
using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Onnx;
using MlNetDl.Tasks;
using MlNetDl.Torch;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;
using MlNetDl.Training.Schedules;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>Self-distillation (born-again networks, Furlanello et al. 2018, arXiv:1805.04770): the model so far teaches
/// a network of the same tree with new weights, which then takes its place.</summary>
/// <remarks>The loss is that of <see cref="Distilled"/>. Each generation is a training of its own, with its own
/// checkpoint. Its first weights follow from the seed and from the teacher's weights, so a checkpoint is continued with
/// the same teacher only. Hooks behind this stage take part in each generation.</remarks>
public sealed record BornAgain : Stage
{
    /// <summary>How many networks follow one after the other, 1 or more; 1 by default. The paper's gains come from the
    /// first ones.</summary>
    [AtLeast(1)]
    public int Generations { get; init; } = 1;

    /// <summary>The temperature T that softens both distributions, above 0; 4 by default, as for
    /// <see cref="Distilled"/>.</summary>
    [Above(0)]
    public double Temperature { get; init; } = 4;

    /// <summary>The part α of the teacher in the loss, 0 to 1; 0.9 by default, as for <see
    /// cref="Distilled"/>.</summary>
    [AtLeast(0), AtMost(1)]
    public double Alpha { get; init; } = 0.9;

    /// <summary>Passes over the data of a generation, 1 or more; <see langword="null"/> takes
    /// <c>training.epochs</c>.</summary>
    [AtLeast(1)]
    public int? Epochs { get; init; }

    /// <summary>How weights move; <see langword="null"/> takes <c>training.optimizer</c>.</summary>
    public Optimizer? Optimizer { get; init; }

    /// <summary>How the learning rate changes; <see langword="null"/> takes <c>training.schedule</c>.</summary>
    public Schedule? Schedule { get; init; }

    /// <summary>Megabytes of the teacher's answers to keep in memory, 0 or more; 256 by default, as for
    /// <see cref="Distilled"/>.</summary>
    [AtLeast(0)]
    public int CacheMB { get; init; } = 256;

    /// <inheritdoc/>
    public override bool KeepsNetworks => true;

    /// <inheritdoc/>
    public override void Check(StageContext context) => _ = StudentSide.Of(context);

    /// <inheritdoc/>
    public override TrainedModel Run(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var student = StudentSide.Of(context);
        var options = context.Options with
        {
            Epochs = Epochs ?? context.Options.Epochs,
            Optimizer = Optimizer ?? context.Options.Optimizer,
            Schedule = Schedule ?? context.Options.Schedule,
        };
        var (name, network) = context.Model.Networks.First();
        var model = context.Model;
        for (int generation = 1; generation <= Generations; generation++)
        {
            var weights = model.Weights[name];
            var onnx = OnnxWriter.Write(network, weights);
            var content = new TeacherContent($"the generation before {generation}", null, onnx, Digest: "");
            // The graph ends with the network's last value: logits, or values on the student's own scale.
            var taught = new TaughtAnswers(
                [TeacherOpening.OfNetwork(content, student, context)], student.Form, TargetScale.None, student.Width);
            if (options.Augmentations.Count == 0)
            {
                taught.Keep(context.Data.ExampleCount, CacheMB);
            }

            // What was pruned grows anew.
            var first = Born(network, weights, options.SeedOrDefault);
            var born = model with { Weights = new Dictionary<string, Weights> { [name] = first }, Pruned = [], Clustered = [] };
            model = context.Fit(born, options, new DistillationHook(student.Form, Temperature, Alpha, taught, null));
        }

        return model;
    }

    private static Weights Born(Network network, Weights teacher, int seed)
    {
        var hash = new XxHash64();
        foreach (var weight in teacher)
        {
            hash.Append(MemoryMarshal.AsBytes<float>(weight.Data));
        }

        manual_seed(unchecked(seed + (long)hash.GetCurrentHashAsUInt64()));
        using var torch = new TorchNetwork(network);
        return torch.ReadWeights();
    }
}
