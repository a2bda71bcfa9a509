using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Images;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Onnx;

namespace MlNetDl.Experiments;

/// <summary>One prediction.</summary>
/// <param name="Source">The file, and for a table the row.</param>
/// <param name="Predicted">The class's name, <see langword="true"/> or <see langword="false"/>, or the value.</param>
/// <param name="Scores">Probabilities by class, the greatest first; or the values.</param>
public sealed record Prediction(string Source, object? Predicted, IReadOnlyList<(string Name, double Score)> Scores)
{
    /// <summary>The prediction as a line of text.</summary>
    public string Text => Predicted is double
        ? string.Join(", ", Scores.Select(s => s.Score.ToString("G6", CultureInfo.InvariantCulture)))
        : $"{Predicted} ({string.Join(", ", Scores.Take(3).Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Name} {s.Score:P1}").Replace(" %", "%", StringComparison.Ordinal)))})";
}

/// <summary>Predicts from files.</summary>
public static class Predictor
{
    /// <summary>Predictions for a file: one for an image, one a row for a table.</summary>
    /// <exception cref="ModelFormatException">The model is damaged, or does not take such files.</exception>
    public static IEnumerable<Prediction> Predict(string model, string file)
    {
        if (!File.Exists(file))
        {
            throw new FileNotFoundException($"The file '{file}' does not exist.", file);
        }

        var package = ModelFile.Read(model);
        bool table = Path.GetExtension(file).ToLowerInvariant() is ".csv" or ".tsv" or ".txt";
        return (package.Manifest.Image, table) switch
        {
            ({ } image, false) => [Image(package, image, file)],
            (null, true) => Rows(model, package.Manifest, file),
            ({ }, true) => throw new InvalidDataException($"The model '{model}' takes images, but '{file}' is a table."),
            _ => throw new InvalidDataException($"The model '{model}' takes the rows of a table, but '{file}' is no .csv or .tsv file."),
        };
    }

    // Without ML.NET, whose start-up would be most of the time.
    private static Prediction Image(ModelPackage package, ImageInput image, string file)
    {
        var manifest = package.Manifest;
        var features = Array.ConvertAll(ImageDecoder.Decode(file, image), b => (float)b);
        using var scorer = new OnnxScorer(package.Graphs[ModelPackage.MainGraph], Analysis.Network.DefaultInput, [image.Channels, image.Height, image.Width],
            [(Analysis.Network.DefaultOutput, manifest.Outputs)], new() { Threads = 1 });
        var scores = new float[manifest.Outputs];
        scorer.Run(features, 1, scores);
        return Of(file, manifest.Task, manifest.ClassNames, scores);
    }

    private static IEnumerable<Prediction> Rows(string model, ModelManifest manifest, string file)
    {
        var ml = new MLContext();
        var chain = ml.Model.Load(model, out var schema);
        var table = Table.Read(file);
        var scored = chain.Transform(TableInput.Load(ml, table, schema, manifest.LabelColumn));
        var rows = scored.Schema["Score"].Type is VectorDataViewType ? scored.GetColumn<float[]>("Score") : scored.GetColumn<float>("Score").Select(s => new[] { s });
        return rows.Select((scores, i) => Of($"{file}:{i + 2}", manifest.Task, manifest.ClassNames, scores));
    }

    private static Prediction Of(string source, PredictionTask task, ValueList<string> classes, float[] scores)
    {
        switch (task)
        {
            case PredictionTask.Multiclass:
                var ranked = scores.Select((s, i) => (classes[i], (double)s)).OrderByDescending(s => s.Item2).ToList();
                return new(source, ranked[0].Item1, ranked);
            case PredictionTask.Binary:
                double probability = 1 / (1 + Math.Exp(-scores[0]));
                return new(source, scores[0] > 0, [("probability", probability)]);
            default:
                return new(source, (double)scores[0], [.. scores.Select((s, i) => ($"score{(scores.Length > 1 ? i.ToString(CultureInfo.InvariantCulture) : "")}", (double)s))]);
        }
    }
}
