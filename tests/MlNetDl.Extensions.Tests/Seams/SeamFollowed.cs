using MlNetDl.Analysis;
using MlNetDl.Layers;
using MlNetDl.Onnx;
using MlNetDl.Torch;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Extensions.Tests.Seams;

/// <summary>Follows while the network trains what its <c>Linear</c> layers read, and leaves the pass that
/// rounds to it.</summary>
internal sealed record SeamFollowed : FitHook
{
    public override StepHook Start(StageContext context) => new Hook();

    private sealed class Hook : StepHook, IForwardHook
    {
        private readonly Dictionary<string, Tensor> ranges = [];

        public override IEnumerable<(string Name, Tensor Tensor)> State => ranges.Select(r => (r.Key, r.Value));

        public override void Start(TorchNetwork network, TrainingOptions options)
        {
            foreach (var step in network.Plan.Steps.Where(s => s.Leaf is Linear))
            {
                ranges[step.Path] = zeros(2).DetachFromDisposeScope();
            }

            network.Hook = this;
        }

        public Tensor Input(PlanStep step, int index, Tensor value)
        {
            if (ranges.TryGetValue(step.Path, out var range))
            {
                using var none = no_grad();
                range[0] = minimum(range[0], value.detach().min());
                range[1] = maximum(range[1], value.detach().max());
            }

            return value;
        }

        public Tensor Weight(PlanStep step, string parameter, Tensor stored) => stored;

        public override TrainedModel Finished(TrainedModel model)
        {
            var found = ranges.ToDictionary(r => r.Key, r => new SeamQuantised.Span(r.Value[0].item<float>(), r.Value[1].item<float>()));
            return model with { Passes = [.. model.Passes, new SeamQuantised.Rounding(found)] };
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            foreach (var range in ranges.Values)
            {
                range.Dispose();
            }
        }
    }
}
