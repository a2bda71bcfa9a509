using System.Security.Cryptography;
using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Models;
using MlNetDl.Torch;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Extensions.Tests.Parts;

/// <summary>A hook with a teacher: α·T²·KL(teacher ‖ student) + (1 − α)·loss (Hinton et al. 2015,
/// arXiv:1503.02531).</summary>
public sealed record Distill : FitHook
{
    /// <summary>The teacher's model file.</summary>
    public required string Teacher { get; init; }

    /// <summary>Softmax temperature T, greater than 0.</summary>
    public double Temperature { get; init; } = 4;

    /// <summary>The teacher's part of the loss, α, 0 to 1.</summary>
    public double Weight { get; init; } = 0.5;

    public override string Identity() => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Teacher)));

    public override StepHook Start(StageContext context) => new Hook(this);

    private sealed class Hook : StepHook
    {
        private readonly Distill options;
        private readonly TorchNetwork teacher;

        public Hook(Distill options)
        {
            this.options = options;
            var package = ModelFile.Read(options.Teacher);
            teacher = new(RecordJson.Deserialize<Network>(package.Manifest.Networks[ModelPackage.MainNetwork].GetRawText()));
            teacher.LoadWeights(package.ReadWeights());
            teacher.SetTraining(false);
        }

        public override Tensor Loss(Batch batch, IReadOnlyDictionary<string, Tensor> outputs, Tensor loss, StepPosition at)
        {
            using var none = no_grad();
            var (t, student) = (options.Temperature, outputs[Network.DefaultOutput]);
            var soft = (teacher.Forward(batch.Inputs)[Network.DefaultOutput] / t).log_softmax(1);
            using var with = enable_grad();
            var apart = (soft.exp() * (soft - (student / t).log_softmax(1))).sum(1).mean();
            return (loss * (1 - options.Weight)) + (apart * (options.Weight * t * t));
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            teacher.Dispose();
        }
    }
}
