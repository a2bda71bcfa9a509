// Scores in a process of its own. Prints the scores of each row, one row a line, exactly.
//   ScoringHost zip MODEL.zip ROWS.csv FEATURES     through mlContext.Model.Load, no registration call
//   ScoringHost engine MODEL.zip ROWS.csv FEATURES  the same, row by row, through a PredictionEngine
//   ScoringHost onnx MODEL.onnx ROWS.csv FEATURES   through ML.NET's ApplyOnnxModel
//   ScoringHost own MODEL.zip ROWS.csv FEATURES     like zip, after the host has started ONNX Runtime in its own way
//   ScoringHost write FILE                          begins to write a file, says so, and never ends
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using MlNetDl.Files;

if (args[0] == "write")
{
    Write(args[1]);
}

var (mode, model, path, width) = (args[0], args[1], args[2], int.Parse(args[3], CultureInfo.InvariantCulture));
var ml = new MLContext();
var rows = File.ReadLines(path)
    .Select(
        line => new Input { Features = [.. line.Split(',').Select(v => float.Parse(v, CultureInfo.InvariantCulture))] })
    .ToArray();
var definition = SchemaDefinition.Create(typeof(Input));
definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, width);
var data = ml.Data.LoadFromEnumerable(rows, definition);
switch (mode)
{
    case "own":
        var options = new EnvironmentCreationOptions { logId = "host", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        _ = OrtEnv.CreateInstanceWithOptions(ref options);
        goto case "zip";
    case "zip":
        Print(ml.Model.Load(model, out _).Transform(data).GetColumn<float[]>("Score"));
        break;
    case "engine":
        using (var engine = ml.Model.CreatePredictionEngine<Input, Output>(ml.Model.Load(model, out _), inputSchemaDefinition: definition))
        {
            Print(rows.Select(row => engine.Predict(row).Score.ToArray()).ToList());
        }

        break;
    default:
        definition["Features"].ColumnName = "input";
        data = ml.Data.LoadFromEnumerable(rows, definition);
        Print(ml.Transforms.ApplyOnnxModel("output", "input", model).Fit(data).Transform(data).GetColumn<float[]>("output"));
        break;
}

Console.Error.WriteLine("loaded: "
    + $"{string.Join(' ', AppDomain.CurrentDomain.GetAssemblies().Select(a => a.GetName().Name).Where(n => n is "TorchSharp" or "MlNetDl"))}");

// Apart, because the library is not there in every mode.
[MethodImpl(MethodImplOptions.NoInlining)]
static void Write(string path) => AtomicFile.Write(path, stream =>
{
    stream.Write(new byte[1 << 20]);
    stream.Flush();
    Console.WriteLine("writes");
    Thread.Sleep(Timeout.Infinite);
});

static void Print(IEnumerable<float[]> scores)
{
    foreach (var row in scores)
    {
        Console.WriteLine(string.Join(",", row.Select(s => s.ToString("R", CultureInfo.InvariantCulture))));
    }
}

internal sealed class Input
{
    public float[] Features { get; set; } = [];
}

internal sealed class Output
{
    public float[] Score { get; set; } = [];
}
