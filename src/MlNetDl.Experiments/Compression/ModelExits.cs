using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.ML;
using MlNetDl.Compression;
using MlNetDl.Files;
using MlNetDl.Training;

namespace MlNetDl.Experiments;

/// <summary>Where rows leave a saved model with early exits, measured on rows that are held out of the training part.</summary>
/// <param name="Model">The model's file.</param>
/// <param name="Rows">Which rows the figures are of, in words.</param>
/// <param name="Exits">The figures.</param>
public sealed record ModelExits(string Model, string Rows, ExitReport Exits)
{
    /// <summary>A sentence for readers: the figures of a quantised model are of its float weights. <see langword="null"/> for a model that is not
    /// quantised.</summary>
    public string? Note { get; init; }

    /// <summary>The files that <see cref="Write"/> leaves.</summary>
    public const string Csv = "exits.csv", Json = "exits.json", Page = "exits.html";

    /// <summary>Measures a model.</summary>
    /// <param name="model">The model's <c>.zip</c>.</param>
    /// <param name="data">The data; of its training part the rows are taken that the options hold out, or a fifth where they hold none
    /// out. The test part is not looked at.</param>
    /// <param name="training">Options such as those that the model was trained with (<see cref="CompressionJob.OptionsOf"/>): the same
    /// share and seed hold out the same rows.</param>
    /// <param name="callbacks">Are told messages; none by default.</param>
    /// <param name="stop">Cancels.</param>
    /// <exception cref="InvalidDataException">The data does not suit the model.</exception>
    /// <exception cref="ArgumentException">The model has no exits, or its outputs are no classes.</exception>
    public static ModelExits Of(
        string model, DataSource data, TrainingOptions training, IReadOnlyList<Callback>? callbacks = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(training);
        var saved = SavedModel.Load(model);
        saved.MustHaveFloatWeights();
        var manifest = saved.Package.Manifest;
        var probe = new ExitProbe();
        training = CompressionJob.HoldingOut(training) with { Stages = [probe], Seed = training.Seed ?? TrainingOptions.DefaultSeed };
        var loaded = data.Read(ScoredTask.Of(manifest));
        var (_, network) = loaded.Continue(new MLContext(training.Seed), saved.Chain.Model, new()
        {
            Training = training,
            Callbacks = callbacks ?? [],
            Stop = stop,
        });
        network.Dispose();
        var found = probe.Measured(out long examples);
        found = found with { IsHeldOut = !loaded.HasValidation && manifest.HasNotSeenHeldOut(training, examples) };
        var rows = string.Create(CultureInfo.InvariantCulture, $"{found.Rows:N0} {loaded.HeldOut(training)}")
            + (found.IsHeldOut ? ", as they did when the model was trained: it has not learnt from them"
                : "; the model may have learnt from them, and is surer of such rows than of others");
        return new(model, rows, found) { Note = saved.FloatWeights };
    }

    /// <summary>The figures as CSV: a line for each exit, with the share of each class that leaves there.</summary>
    public string ToCsv()
    {
        var text = new StringBuilder("exit,threshold,rows,share,accuracy,accuracyOfAll,macs");
        text.Append(string.Concat(Exits.Classes.Select(c => $",{Quoted($"share of {c}")}"))).Append('\n');
        foreach (var exit in Exits.Exits)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{Quoted(exit.Name)},{exit.Threshold},{exit.Rows},{exit.Share},{exit.Accuracy},{exit.AccuracyOfAll},{exit.Macs}");
            text.Append(string.Concat(ShareOfClasses(exit).Select(s => string.Create(CultureInfo.InvariantCulture, $",{s}")))).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>All of it as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, CompressionResult.Json);

    /// <summary>Which share of each class leaves at an exit; 0 for a class without rows.</summary>
    /// <param name="exit">The exit.</param>
    public IReadOnlyList<double> ShareOfClasses(ExitFigures exit)
    {
        ArgumentNullException.ThrowIfNull(exit);
        return [.. exit.RowsOfClass.Select((rows, c) => Exits.Exits.Sum(e => e.RowsOfClass[c]) is > 0 and var all ? (double)rows / all : 0)];
    }

    /// <summary>Makes the folder of the result, before anything is measured. One that holds anything else is refused.</summary>
    /// <exception cref="RunFolderConflictException">It does.</exception>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static void Prepare(string folder) => OutputFolder.MakeFor(folder, "where rows leave", Csv, Json, Page);

    /// <summary>Writes <c>exits.csv</c>, <c>exits.json</c> and <c>exits.html</c> into a folder, which is made.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        AtomicFile.WriteText(Path.Combine(folder, Csv), ToCsv());
        AtomicFile.WriteText(Path.Combine(folder, Json), ToJson());
        AtomicFile.WriteText(Path.Combine(folder, Page), ExitsPage.ToHtml(this));
    }

    private static string Quoted(string cell) =>
        cell.AsSpan().ContainsAny("\",\r\n") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
