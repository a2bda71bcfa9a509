using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Torch;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>A teacher's tree, for its inner values. ONNX Runtime shows outputs only, so the tree runs in torch, in
/// evaluation mode and without gradients.</summary>
/// <param name="Plan">The tree as it is scored.</param>
/// <param name="Weights">Its weights.</param>
internal sealed record InnerTeacher(Plan Plan, Weights Weights)
{
    /// <summary>The tree of a model of this library.</summary>
    /// <exception cref="ArgumentException">The teacher is an <c>.onnx</c>, or a model without a tree that torch can
    /// run.</exception>
    public static InnerTeacher Of(TeacherContent content)
    {
        if (content.Package is not { } package)
        {
            throw new ArgumentException($"{content.Subject} is an .onnx, which shows no inner values, so it can give neither hints nor "
                + "attention; give the model .zip, or leave these out.");
        }

        if (package.Manifest.Networks.Count != 1)
        {
            throw new ArgumentException($"{content.Subject} has {package.Manifest.Networks.Count} networks; hints and "
                + "attention come from one.");
        }

        var (name, tree) = package.Manifest.Networks.First();
        try
        {
            var plan = RecordJson.Deserialize<Network>(tree.GetRawText()).Plan();
            var weights = package.ReadWeights(name);
            weights.Check(plan);
            return new(plan.ForScoring(), weights);
        }
        catch (Exception e) when (e is InvalidDataException or ConfigurationException)
        {
            throw new ArgumentException(
                $"{content.Subject} cannot be run in torch, so it can give neither hints nor attention: {e.Message}", e);
        }
    }

    /// <summary>The tree in torch.</summary>
    public TorchNetwork ToTorch(Device device)
    {
        var network = new TorchNetwork(Plan.Network, device);
        network.LoadWeights(Weights);
        network.SetTraining(false);
        foreach (var (_, tensor, _) in network.Tensors)
        {
            tensor.requires_grad = false;
        }

        return network;
    }
}
