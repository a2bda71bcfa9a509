using MlNetDl.Layers.Contracts;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>How sure an exit is of a row.</summary>
public enum ExitRule
{
    /// <summary>The entropy of the exit's probabilities, divided by the logarithm of the number of classes: 0 (sure) to 1 (all
    /// classes alike). A row leaves below the threshold (Teerapittayanon et al. 2017, arXiv:1709.01686, algorithm 1).</summary>
    Entropy,

    /// <summary>The greatest of the exit's probabilities: 0 to 1 (sure). A row leaves above the threshold.</summary>
    Confidence,
}

/// <summary>The figure by which rows leave, in torch and in ONNX.</summary>
internal static class ExitRules
{
    /// <summary>The figure of each row, [N] in float32, of logits [N, K]; of [N, 1] the logit of yes against no.</summary>
    public static Tensor Figure(ExitRule rule, Tensor logits)
    {
        var all = logits.to(ScalarType.Float32);
        all = all.shape[1] == 1 ? cat([all, zeros_like(all)], 1) : all;
        var logs = nn.functional.log_softmax(all, 1);
        return rule == ExitRule.Entropy
            ? (logs.exp() * logs).sum(1).Mul(-1 / Math.Log(all.shape[1]))
            : logs.max(1).values.exp();
    }

    /// <summary>The rows that an exit keeps in the network, int64 [M]: those that are not sure enough. A row whose figure is no number
    /// stays.</summary>
    public static Tensor Unsure(HardRows leaf, Tensor logits)
    {
        var figure = Figure(leaf.By, logits);
        var leaves = leaf.By == ExitRule.Entropy ? figure.Lt((float)leaf.Bound) : figure.Gt((float)leaf.Bound);
        return leaves.logical_not().nonzero().reshape(-1);
    }

    /// <summary>The same as ONNX nodes.</summary>
    public static OnnxValue Unsure(HardRows leaf, OnnxGraph graph, OnnxValue logits, int classes)
    {
        var all = logits;
        if (classes == 1)
        {
            all = graph.Add("Concat", [logits, graph.Add("Mul", [logits, Scalar("zero", 0)])], ("axis", 1));
            classes = 2;
        }

        var logs = graph.Add("LogSoftmax", [all], ("axis", 1));
        var figure = leaf.By == ExitRule.Entropy
            ? graph.Add(
                "Mul",
                [
                    graph.Add("ReduceSum", [graph.Add("Mul", [graph.Add("Exp", [logs]), logs]), graph.Constant("axes", new long[] { 1 })], ("keepdims", 0)),
                    Scalar("scale", -1 / Math.Log(classes)),
                ])
            : graph.Add("Exp", [graph.Add("ReduceMax", [logs], ("axes", new long[] { 1 }), ("keepdims", 0))]);
        var leaves = graph.Add(leaf.By == ExitRule.Entropy ? "Less" : "Greater", [figure, Scalar("threshold", leaf.Bound)]);
        return RowNumbers.Onnx(graph, graph.Add("Not", [leaves]));

        OnnxValue Scalar(string name, double value) => graph.Constant(name, new[] { (float)value }, scalar: true);
    }
}
