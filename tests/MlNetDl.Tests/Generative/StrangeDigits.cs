using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Analysis;
using MlNetDl.Data;
using MlNetDl.Generative;
using MlNetDl.MlNet;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Onnx;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;

namespace MlNetDl.Tests.Generative;

/// <summary>Digits of which all but 8 are normal, and detectors of the others.</summary>
internal static class StrangeDigits
{
    public const int Strange = 8;

    public static readonly Vae Variational = new() { Latent = 6, Peak = 16, Encoder = new Mlp { Hidden = [48] }, Decoder = new Mlp { Hidden = [48] } };

    public static readonly Autoencoder Plain =
        new() { Latent = 6, Peak = 16, Encoder = new Mlp { Hidden = [48] }, Decoder = new Mlp { Hidden = [48] } };

    public static readonly TrainingOptions Options = new()
    {
        Epochs = 8,
        BatchSize = 64,
        Seed = 1,
        Threads = 1,
        ValidationFraction = 0.2,
        Optimizer = new Adam { LearningRate = 0.003 },
    };

    public static readonly Examples All = Datasets.Find("optdigits")!.Load(false), Test = Datasets.Find("optdigits")!.Load(true);
    public static readonly Examples Normal = All.Where(i => ((long[])All.Targets!)[i] != Strange) with { Targets = null, ClassNames = [] };

    public static RecipeResult Run(LatentModel model, TrainingOptions? options = null, Examples? rows = null) =>
        Recipe(model, options ?? Options).Run(rows ?? Normal.Take(1000));

    public static RecipeResult Run(
        LatentModel model, TrainingOptions options, double falseAlarms, out List<string> messages, Examples? rows = null)
    {
        var told = new Told();
        messages = told.Messages;
        return (Recipe(model, options) with { Task = new AnomalyDetection { FalseAlarms = falseAlarms }, Callbacks = [told] }).Run(rows ?? Normal);
    }

    public static Recipe Recipe(LatentModel model, TrainingOptions options) =>
        new() { Task = new AnomalyDetection(), Model = model, Training = options };

    public static (float[] Excess, float[] Scores) Scores(ModelPackage package, float[] rows)
    {
        using var model = new OnnxModel(package.Graphs["score"]);
        var made = model.Run(new Dictionary<string, OnnxTensor> { [Network.DefaultInput] = new([rows.Length / 64, 1, 8, 8], rows) });
        return (made[Network.DefaultOutput].Floats, made["score"].Floats);
    }

    public static float[] Values(Examples examples)
    {
        var values = new float[examples.Count * 64];
        examples.CopyTo(0, examples.Count, values);
        return values;
    }

    public sealed class Told : Callback
    {
        public List<string> Messages { get; } = [];

        public override void Message(string text) => Messages.Add(text);
    }
}
