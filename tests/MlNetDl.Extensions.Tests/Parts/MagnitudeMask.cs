using MlNetDl.Configuration;
using MlNetDl.Torch;
using MlNetDl.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Extensions.Tests.Parts;

/// <summary>A hook with state: the smallest weights of each matrix are 0 while training goes on (Han et
/// al. 2015, arXiv:1506.02626).</summary>
public sealed record MagnitudeMask : FitHook
{
    /// <summary>The share that is 0, 0 or more and below 1.</summary>
    [AtLeast(0), Below(1)]
    public double Share { get; init; } = 0.5;

    public override StepHook Start(StageContext context) => new Hook(Share);

    private sealed class Hook(double share) : StepHook
    {
        private readonly List<(string Name, Tensor Weight, Tensor Mask)> masks = [];

        public override IEnumerable<(string Name, Tensor Tensor)> State => masks.Select(m => (m.Name, m.Mask));

        public override void Start(TorchNetwork network, TrainingOptions options)
        {
            using var none = no_grad();
            foreach (var (name, weight, _) in network.Tensors.Where(t => t.Trainable && t.Tensor.dim() > 1))
            {
                using var scope = NewDisposeScope();
                var sizes = weight.abs().flatten();
                var least = share > 0 ? sizes.sort().Values[(long)(share * sizes.numel()) - 1] : tensor(-1f);
                masks.Add((name, weight, weight.abs().gt(least).to(ScalarType.Float32).DetachFromDisposeScope()));
            }

            Apply();
        }

        public override void Moved(StepPosition at) => Apply();

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            masks.ForEach(m => m.Mask.Dispose());
        }

        private void Apply()
        {
            using var none = no_grad();
            masks.ForEach(m => m.Weight.mul_(m.Mask));
        }
    }
}
