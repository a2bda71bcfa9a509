using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.ML;
using MlNetDl.Compression;
using MlNetDl.Files;
using MlNetDl.Training;

namespace MlNetDl.Experiments;

/// <summary>What each layer of a saved model bears, measured on rows that are held out of the training part.</summary>
/// <param name="Model">The model's file.</param>
/// <param name="Rows">Which rows the figures are of, in words.</param>
/// <param name="Figure">The name of the figure that tables show: the first one of the task.</param>
/// <param name="Sensitivity">The figures.</param>
public sealed record ModelSensitivity(string Model, string Rows, string Figure, LayerSensitivity Sensitivity)
{
    /// <summary>A sentence for readers: the figures of a quantised model are of its float weights. <see langword="null"/> for a model that is not
    /// quantised.</summary>
    public string? Note { get; init; }

    /// <summary>The files that <see cref="Write"/> leaves.</summary>
    public const string Csv = "sensitivity.csv", Json = "sensitivity.json", Page = "sensitivity.html";

    /// <summary>Measures a model.</summary>
    /// <param name="model">The model's <c>.zip</c>.</param>
    /// <param name="data">The data; of its training part the rows are taken that the options hold out, or a fifth where they hold
    /// none out. The test part is not looked at.</param>
    /// <param name="training">Options such as those that the model was trained with (<see cref="CompressionJob.OptionsOf"/>): the
    /// same share and seed hold out the same rows.</param>
    /// <param name="options">How it is measured; the defaults when <see langword="null"/>.</param>
    /// <param name="callbacks">Are told which layer is measured; none by default.</param>
    /// <param name="stop">Cancels.</param>
    /// <exception cref="InvalidDataException">The data does not suit the model.</exception>
    /// <exception cref="ArgumentException">The model has several networks, or the options are out of range.</exception>
    public static ModelSensitivity Of(
        string model,
        DataSource data,
        TrainingOptions training,
        SensitivityOptions? options = null,
        IReadOnlyList<Callback>? callbacks = null,
        CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(training);
        var saved = SavedModel.Load(model);
        saved.MustHaveFloatWeights();
        var manifest = saved.Package.Manifest;
        var task = ScoredTask.Of(manifest);
        var loaded = data.Read(task);
        var probe = new SensitivityProbe { Options = options ?? new() };
        training = CompressionJob.HoldingOut(training) with { Stages = [probe], Seed = training.Seed ?? TrainingOptions.DefaultSeed };
        var (_, network) = loaded.Continue(new MLContext(training.Seed), saved.Chain.Model, new()
        {
            Training = training,
            Callbacks = callbacks ?? [],
            Stop = stop,
        });
        network.Dispose();
        var found = probe.Measured(out long trainingExamples);
        found = found with { IsHeldOut = !loaded.HasValidation && manifest.HasNotSeenHeldOut(training, trainingExamples) };
        var rows = string.Create(CultureInfo.InvariantCulture, $"{found.Examples:N0} {loaded.HeldOut(training)}")
            + (found.IsHeldOut ? ", as they did when the model was trained: it has not learnt from them"
                : "; the model may have learnt from them, so its figures flatter it, but how far they fall still tells what a layer bears");
        return new(model, rows, task.TrainingMetrics.Count > 0 ? task.TrainingMetrics[0].FigureName : "loss", found)
        {
            Note = saved.FloatWeights,
        };
    }

    /// <summary>The figures as CSV: a line for each layer and share.</summary>
    public string ToCsv()
    {
        var names = Sensitivity.Baseline.Keys.ToList();
        var text = new StringBuilder("layer,kind,count,amount,gone").Append(string.Concat(names.Select(n => $",{n}"))).Append('\n');
        foreach (var layer in Sensitivity.Layers)
        {
            Line(layer.Name, layer.Kind, layer.Count, 0, 0, Sensitivity.Baseline);
            foreach (var point in layer.Points)
            {
                Line(layer.Name, layer.Kind, layer.Count, point.Amount, point.Gone, point.Figures);
            }
        }

        return text.ToString();

        void Line(string name, SensitivityKind kind, long count, double amount, long gone, IReadOnlyDictionary<string, double> figures)
        {
            var quoted = name.AsSpan().ContainsAny("\",\r\n") ? $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : name;
            text.Append(CultureInfo.InvariantCulture, $"{quoted},{JsonNamingPolicy.CamelCase.ConvertName(kind.ToString())},{count},{amount},{gone}");
            foreach (var figure in names)
            {
                text.Append(CultureInfo.InvariantCulture, $",{figures[figure]:R}");
            }

            text.Append('\n');
        }
    }

    /// <summary>All of it as JSON, with the channels that would go and the histograms of weights.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, CompressionResult.Json);

    /// <summary>Makes the folder of the result, before anything is measured. One that holds anything else is refused.</summary>
    /// <exception cref="RunFolderConflictException">It does.</exception>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static void Prepare(string folder) => OutputFolder.MakeFor(folder, "what layers bear", Csv, Json, Page);

    /// <summary>Writes <c>sensitivity.csv</c>, <c>sensitivity.json</c> and <c>sensitivity.html</c> into a folder, which is
    /// made.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        AtomicFile.WriteText(Path.Combine(folder, Csv), ToCsv());
        AtomicFile.WriteText(Path.Combine(folder, Json), ToJson());
        AtomicFile.WriteText(Path.Combine(folder, Page), SensitivityPage.ToHtml(this));
    }
}
