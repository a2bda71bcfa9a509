// Trains a small network, saves it as the .zip that is named, and prints the scores of the saved model, one row a line.
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using TorchSharp;

// Torch itself comes first, before anything of the library.
using var ones = torch.ones(2, 3);
Console.WriteLine(ones.sum().item<float>().ToString(CultureInfo.InvariantCulture));

var ml = new MLContext(seed: 1);
var data = ml.Data.LoadFromEnumerable(
    Enumerable.Range(0, 64).Select(i => new Row { Features = [i % 2, i / 2 % 2], Label = i % 2 == i / 2 % 2 }));
var model = ml.BinaryClassification.Trainers.NeuralNetwork(new Mlp { Hidden = [8] }, epochs: 2).Fit(data);
ml.Model.Save(model, data.Schema, args[0]);
foreach (var score in ml.Model.Load(args[0], out _).Transform(data).GetColumn<float>("Score").Take(4))
{
    Console.WriteLine(score.ToString("R", CultureInfo.InvariantCulture));
}

internal sealed class Row
{
    [VectorType(2)]
    public float[] Features { get; set; } = [];

    public bool Label { get; set; }
}
