using System.Globalization;
using MlNetDl.Data;
using MlNetDl.Files;
using MlNetDl.Images;
using MlNetDl.Models;
using MlNetDl.Onnx;
using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>One prediction.</summary>
/// <param name="Source">The file, and for a table the row.</param>
/// <param name="Predicted">The class's name, <see langword="true"/> or <see langword="false"/>, or the value.</param>
/// <param name="Scores">Probabilities by class, the greatest first; or the values.</param>
public sealed record Prediction(string Source, object? Predicted, IReadOnlyList<(string Name, double Score)> Scores)
{
    /// <summary>Whether the scores are probabilities; yes by default.</summary>
    public bool AreShares { get; init; } = true;

    /// <summary>The names of a table's columns; empty for other files.</summary>
    internal IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>The fields of a table's row.</summary>
    internal IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>The prediction as a line of text.</summary>
    public string Text => Predicted is double || !AreShares
        ? $"{(Predicted is double ? "" : $"{Predicted}, ")}{string.Join(", ", Scores.Select(s => s.Score.ToString("G6", CultureInfo.InvariantCulture)))}"
        : $"{(Predicted is "" ? "no label" : Predicted)} ({string.Join(", ", Scores.Take(3).Select(s => $"{s.Name} {Percent(s.Score)}"))})";

    private static string Percent(double share) =>
        share.ToString("P1", CultureInfo.InvariantCulture).Replace(" %", "%", StringComparison.Ordinal);
}

/// <summary>Predicts from files with a saved model, which is read once.</summary>
public sealed class Predictor : IDisposable
{
    private readonly string path;
    private readonly ModelPackage package;
    private readonly Lazy<OnnxScorer> scorer;
    private readonly Lazy<TableModel> tables;
    private ScaledFiles? scaled;

    private Predictor(string path, Action<string>? warn, TableOptions? options)
    {
        (this.path, package) = (path, ModelFile.Read(path));
        scorer = new(() => Scorer(package));
        tables = new(() => new(path, Manifest, warn, options));
    }

    private ModelManifest Manifest => package.Manifest;

    /// <summary>Reads a model <c>.zip</c>.</summary>
    /// <param name="model">The file.</param>
    /// <param name="warn">Gets warnings of data that looks wrong but gets a prediction, such as words that the training
    /// data did not have.</param>
    /// <param name="options">What is said of tables; what is not is seen from the file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ModelFormatException">It is no model, or is damaged.</exception>
    public static Predictor Load(string model, Action<string>? warn = null, TableOptions? options = null) => new(model, warn, options);

    /// <summary>The files that a path stands for. A folder stands for its images and those of its sub-folders, in
    /// ordinal order of their paths; a file stands for itself.</summary>
    /// <exception cref="InvalidDataException">It is a folder without images, or the model takes the rows
    /// of a table.</exception>
    public IReadOnlyList<string> FilesOf(string path)
    {
        if (!Directory.Exists(path))
        {
            return [path];
        }

        if (OtherRows.TakesCodes(Manifest))
        {
            throw OtherRows.OfImages(Manifest, path);
        }

        if (Manifest.Image is null)
        {
            throw new InvalidDataException($"'{path}' is a folder, but the model '{this.path}' takes the rows of a "
                + "table; name its files (.csv, .tsv, .parquet, .arrow).");
        }

        if (ImageFolder.Images(path) is not { Count: > 0 } images)
        {
            throw new InvalidDataException(
                $"'{path}' is a folder without images; expected PNG, JPEG, BMP, GIF or WebP files in it.");
        }

        return images;
    }

    /// <summary>Predictions for a file: one for an image, one a row for a table.</summary>
    /// <exception cref="IOException">The file is not there, cannot be read, or is a damaged image; another file may
    /// still be predicted for.</exception>
    /// <exception cref="InvalidDataException">The model does not take such files, or the table lacks
    /// what it takes.</exception>
    public IReadOnlyList<Prediction> Predict(string file)
    {
        if (!File.Exists(file))
        {
            throw new FileNotFoundException($"The file '{file}' does not exist.", file);
        }

        bool table = ModelData.IsTable(file);
        if (table && Manifest.Image is not null)
        {
            throw new InvalidDataException($"The model '{path}' takes images, but '{file}' is a table; name the images, or their folder.");
        }

        if (!table && OtherRows.TakesCodes(Manifest))
        {
            throw OtherRows.OfImages(Manifest, file, isFolder: false);
        }

        if (!table && Manifest.Image is null)
        {
            throw new InvalidDataException(
                $"The model '{path}' takes the rows of a table, but '{file}' is no table (.csv, .tsv, .parquet, .arrow).");
        }

        return Manifest.Image is { } image ? [Image(image, file)] : [.. Rows(file)];
    }

    /// <summary>What is said of the images that were predicted for and had another size than the model takes; <see langword="null"/> where
    /// none had.</summary>
    public string? Scaled => scaled?.Text;

    /// <summary>Frees the network.</summary>
    public void Dispose()
    {
        if (scorer.IsValueCreated)
        {
            scorer.Value.Dispose();
        }
    }

    private IEnumerable<Prediction> Rows(string file)
    {
        if (Manifest.Main.Role != Networks.GraphRole.Cluster)
        {
            ScoredTask.Of(Manifest);
        }

        // A row without any value gets a prediction too, or is refused: outputs stand beside rows.
        var table = tables.Value.Read(file, keepsBlankRows: true);
        return TableScores.Rows(tables.Value.Transform(table, null), Manifest).Zip(table.Rows(), (scores, row) => Of($"{file}:{row.Line}", scores) with
        {
            Columns = table.Names,
            Fields = row.Fields,
        });
    }

    // Without ML.NET, whose start-up would be most of the time.
    private Prediction Image(ImageInput image, string file)
    {
        ScoredTask.Of(Manifest);
        if (Manifest.Outputs == 0)
        {
            throw new InvalidDataException($"The model '{path}' gives {Manifest.Main.Outputs[0].Shape} for an image, "
                + "which is no prediction of one form; score it from C#, where its columns are.");
        }

        var features = Array.ConvertAll(ImageDecoder.Decode(file, image), b => (float)b);
        var scores = new float[Manifest.Outputs];
        scorer.Value.Run(features, 1, scores);
        LazyInitializer.EnsureInitialized(ref scaled, () => new(image)).Look(file);
        return Of(file, scores);
    }

    private static OnnxScorer Scorer(ModelPackage package)
    {
        var (main, image) = (package.Manifest.Main, package.Manifest.Image!);
        return new(package.Graphs[main.Name], main.Inputs[0].Name, [image.Channels, image.Height, image.Width],
            [(Analysis.Network.DefaultOutput, package.Manifest.Outputs)], new() { Threads = 1 });
    }

    private Prediction Of(string source, float[] scores)
    {
        var task = ScoredTask.Of(Manifest);
        var value = task.Read(scores, Manifest.Label);
        return new(source, value.Predicted, value.Scores) { AreShares = task is not AnomalyDetection };
    }
}
