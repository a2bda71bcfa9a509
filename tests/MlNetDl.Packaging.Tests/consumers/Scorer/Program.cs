// Loads the .zip that is named and prints the scores of the four rows of XOR, one row a line; then whether
// TorchSharp was loaded.
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

var ml = new MLContext();
var data = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 4).Select(i => new Row { Features = [i % 2, i / 2 % 2] }));
foreach (var score in ml.Model.Load(args[0], out _).Transform(data).GetColumn<float>("Score"))
{
    Console.WriteLine(score.ToString("R", CultureInfo.InvariantCulture));
}

Console.WriteLine(
    AppDomain.CurrentDomain.GetAssemblies().Any(a => a.GetName().Name == "TorchSharp")
        ? "TorchSharp was loaded"
        : "no TorchSharp");

internal sealed class Row
{
    [VectorType(2)]
    public float[] Features { get; set; } = [];
}
