using MlNetDl.Analysis;
using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.Tasks;
using MlNetDl.Torch;
using MlNetDl.Training;

namespace MlNetDl.Tests.Compression;

/// <summary>What a pruning stage is given, without a recipe around it.</summary>
internal static class PruningContexts
{
    /// <summary>Checks a stage, or runs it, and returns the model and the messages.</summary>
    public static (TrainedModel Model, List<string> Messages) Do(
        Stage stage, bool run, Func<StageContext, StageContext> with, params (string Name, Network Network)[] networks)
    {
        using var session = TorchSession.Enter(seed: 1);
        using var data = new TensorBatches(Examples(networks[0].Network.Inputs[0].Shape), 8);
        var messages = new List<string>();
        var weights = networks.ToDictionary(n => n.Name, n =>
        {
            using var torch = new TorchNetwork(n.Network);
            return torch.ReadWeights();
        });
        var context = with(new()
        {
            Model = new(networks.ToDictionary(n => n.Name, n => n.Network), weights),
            Options = new() { Device = "cpu" },
            Data = data,
            Task = new MulticlassClassification(),
            Message = messages.Add,
            Trains = (model, _, _) => model,
        });
        stage.Check(context);
        return (run ? stage.Run(context) : context.Model, messages);
    }

    /// <summary>The reason for which a stage refuses a model before anything is trained.</summary>
    public static string Refused(Stage stage, Func<StageContext, StageContext> with, params (string Name, Network Network)[] networks) =>
        Assert.ThrowsAny<ArgumentException>(() => Do(stage, run: false, with, networks)).Message;

    // Sixteen rows of three classes.
    private static Examples Examples(Shape row)
    {
        var random = new Random(1);
        var values = Enumerable.Range(0, 16 * (int)row.ElementsPerExample()).Select(_ => (float)random.NextDouble() - 0.5f).ToArray();
        return new(row, values, Enumerable.Range(0, 16).Select(i => i % 3L).ToArray())
        {
            ClassNames = ["a", "b", "c"],
        };
    }
}
