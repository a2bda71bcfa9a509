// Touches torch in a process of its own. Its main method knows nothing of the library: only what the library's package
// compiles into applications is there before torch is touched.
//   TorchHost touch         the first thing is torch itself; prints the sum of a tensor
//   TorchHost touch twice   the same, and a second time if the first failed
//   TorchHost train         trains a network through ML.NET
//   TorchHost fit OUT.zip            trains one and saves it
//   TorchHost continue IN.zip OUT.zip  goes on with it
//   TorchHost both OUT1.zip OUT2.zip   trains one, saves it, and goes on with the one in memory
// A failure is printed to standard error, one exception a line, from the outer to the inner ones, as "type: message";
// the exit code is then 1.
using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using TorchSharp;

if (args[0] is "fit" or "continue" or "both")
{
    Models.Run(args[0], args[1..]);
    return 0;
}

int code = 0;
for (int i = 0; i < args.Length; i++)
{
    try
    {
        if (args[0] == "touch")
        {
            Touch();
        }
        else
        {
            Train();
        }

        break;
    }
    catch (Exception e) when (e is TypeInitializationException or DllNotFoundException)
    {
        code = 1;
        for (Exception? inner = e; inner is not null; inner = inner.InnerException)
        {
            Console.Error.WriteLine($"{inner.GetType().FullName}: {inner.Message}");
        }
    }
}

return code;

[MethodImpl(MethodImplOptions.NoInlining)]
static void Touch()
{
    using var ones = torch.ones(2, 3);
    using var sum = ones.sum();
    Console.WriteLine(sum.item<float>());
}

[MethodImpl(MethodImplOptions.NoInlining)]
static void Train()
{
    var ml = new MLContext(seed: 1);
    var data = ml.Data.LoadFromEnumerable(
        Enumerable.Range(0, 40).Select(i => new Row { Features = [i % 2, 1 - (i % 2)], Label = i % 2 == 0 }));
    var model = ml.BinaryClassification.Trainers.NeuralNetwork(new Mlp { Hidden = [4] }, epochs: 1).Fit(data);
    Console.WriteLine(model.Transform(data).GetColumn<float>("Score").Count());
}

internal static class Models
{
    public static void Run(string mode, string[] paths)
    {
        var ml = new MLContext(seed: 1);
        var data = ml.Data.LoadFromEnumerable(
            Enumerable.Range(0, 60).Select(i => new Row { Features = [(i % 7) - 3, i % 5], Label = i % 7 > i % 5 }));
        NeuralNetworkTransformer model;
        if (mode == "continue")
        {
            model = NeuralNetworkTransformer.Load(ml, paths[0]);
        }
        else
        {
            model = Fit(null);
            ml.Model.Save(model, data.Schema, paths[0]);
        }

        if (mode != "fit")
        {
            ml.Model.Save(Fit(model), data.Schema, paths[1]);
        }

        NeuralNetworkTransformer Fit(NeuralNetworkTransformer? from) => ml.BinaryClassification.Trainers
            .NeuralNetwork(new NeuralNetworkOptions
            {
                Network = new Mlp { Hidden = [8] },
                ContinueFrom = from,
                Training = new()
                {
                    Epochs = from is null ? 3 : 2,
                    BatchSize = 8,
                    Threads = 1,
                },
            })
            .Fit(data);
    }
}

internal sealed class Row
{
    [VectorType(2)]
    public float[] Features { get; set; } = [];

    public bool Label { get; set; }
}
