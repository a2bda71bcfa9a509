using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Testing;

/// <content>What is written over what.</content>
public static partial class LayerContract
{
    private static void InputsStay(LayerSample sample)
    {
        var it = new LayerCase(sample);
        using var network = LayerCase.Start(it.Network);
        foreach (bool training in (bool[])[true, false])
        {
            network.SetTraining(training);
            var inputs = it.Inputs();
            Tensor[] before = [.. inputs.Select(i => i.clone())];
            LayerCase.Pass(network, inputs);
            for (int i = 0; i < inputs.Length; i++)
            {
                Expect.True(
                    Tensors.Same(before[i], inputs[i]),
                    $"input {i} is overwritten. Do so only where LeafState.MayOverwriteInput is set.");
            }
        }
    }

    // The sum is such a layer, and takes any floats. A tap in between keeps its output from being overwritten.
    private static void OverwritesWell(LayerSample sample)
    {
        if (sample.Inputs[0].Type == ElementType.Float32)
        {
            var it = new LayerCase(sample);
            var twice = new Branches(new Sum(), [new Sequential(), new Sequential()]);
            var subject = it.Subject with { Name = "it" };
            var (free, kept) = (it.Around(subject, twice), it.Around(subject, new Sequential(twice, Seen)));
            SameGradients(
                it,
                free,
                kept,
                "it overwrites what is still needed: of an overwritten input the backward pass must need nothing.");
        }
    }

    private static void MayBeOverwritten(LayerSample sample)
    {
        var it = new LayerCase(sample);
        if (it.Network.Plan().Outputs[0].Shape.Type == ElementType.Float32)
        {
            var subject = it.Subject with { Name = "it" };
            var (free, kept) = (it.Around(subject, null, new ReLU()), it.Around(subject, null, Seen, new ReLU()));
            SameGradients(it, free, kept, "its backward pass needs the output that the layer behind overwrote; "
                + "BackwardNeedsOutput must be true.");
        }
    }

    private static Tap Seen => new("seen") { Role = TapRole.Training };

    private static void SameGradients(LayerCase it, Analysis.Network free, Analysis.Network kept, string advice)
    {
        List<Tensor> Gradients(Analysis.Network network)
        {
            using var torch = LayerCase.Start(network);
            var inputs = it.Inputs();
            var floats = inputs.Where(i => i.is_floating_point()).ToList();
            floats.ForEach(f => f.requires_grad = true);
            var output = LayerCase.Pass(torch, inputs)[Analysis.Network.DefaultOutput];
            if (output.requires_grad)
            {
                try
                {
                    (output * Scalars.Arange(output.numel(), float32).reshape(output.shape).cos()).sum().backward();
                }
                catch (Exception e) when (e.Message.Contains("inplace", StringComparison.Ordinal))
                {
                    throw new ContractException(advice, e);
                }
            }

            var gradients = torch.Tensors.Where(t => t.Trainable)
                .Select(t => t.Tensor)
                .Concat(floats)
                .Select(t => t.grad?.clone()).OfType<Tensor>();
            return [output.detach().clone(), .. gradients];
        }

        foreach (var (expected, real) in Gradients(kept).Zip(Gradients(free)))
        {
            Expect.True(Tensors.Difference(expected, real) < 1e-5, advice);
        }
    }
}
