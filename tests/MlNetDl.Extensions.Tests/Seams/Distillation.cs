using System.Security.Cryptography;
using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Models;
using MlNetDl.Torch;
using MlNetDl.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Extensions.Tests.Seams;

/// <summary>The fit before it also learns the softened answers of a saved model (Hinton et al. 2015,
/// arXiv:1503.02531).</summary>
/// <param name="Teacher">The <c>.zip</c> of the model; it has the student's classes in the student's order.</param>
internal sealed record SeamDistilled(string Teacher) : FitHook
{
    /// <summary>The temperature T, above 0.</summary>
    public double Temperature { get; init; } = 4;

    /// <summary>The share of the teacher's answers in the loss, 0 to 1.</summary>
    public double Alpha { get; init; } = 0.9;

    public override StepHook Start(StageContext context) => new Hook(Read(Teacher), this);

    public override string Identity() => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Teacher)));

    /// <summary>T² · KL(teacher ‖ student) of the softened answers, mean over the batch; its gradient is
    /// T·(p − q)/N.</summary>
    public static Tensor Loss(Tensor student, Tensor teacher, double temperature)
    {
        var divergence = nn.functional.kl_div(
            nn.functional.log_softmax(student / temperature, 1), nn.functional.softmax(teacher / temperature, 1),
            log_target: false, reduction: nn.Reduction.None);
        return divergence.sum(1).mean() * (temperature * temperature);
    }

    /// <summary>The trained network of a saved model, frozen.</summary>
    public static TorchNetwork Read(string path)
    {
        var package = ModelFile.Read(path);
        var network = new TorchNetwork(RecordJson.Deserialize<Network>(package.Manifest.Networks[ModelPackage.MainNetwork].GetRawText()));
        network.LoadWeights(package.ReadWeights(ModelPackage.MainNetwork));
        network.SetTraining(false);
        foreach (var (_, tensor, _) in network.Tensors)
        {
            tensor.requires_grad = false;
        }

        return network;
    }

    private sealed class Hook(TorchNetwork teacher, SeamDistilled options) : StepHook
    {
        public override Tensor Loss(Batch batch, IReadOnlyDictionary<string, Tensor> outputs, Tensor loss, StepPosition at)
        {
            Tensor answers;
            using (no_grad())
            {
                answers = teacher.Forward(batch.Inputs)[Network.DefaultOutput];
            }

            return (loss * (1 - options.Alpha))
                + (SeamDistilled.Loss(outputs[Network.DefaultOutput], answers, options.Temperature) * options.Alpha);
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            teacher.Dispose();
        }
    }
}
