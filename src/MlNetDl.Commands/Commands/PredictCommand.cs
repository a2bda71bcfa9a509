using System.CommandLine;
using MlNetDl.Experiments;

namespace MlNetDl.Commands;

/// <summary>The prediction for one file or row, or the reason why there is none.</summary>
/// <param name="Source">The file, and for a table the row.</param>
/// <param name="Predicted">The class's name, or the value.</param>
/// <param name="Scores">Probabilities by class, the greatest first; or the values.</param>
/// <param name="Error">What is wrong with the file.</param>
internal sealed record PredictedFile(
    string Source, object? Predicted = null, IReadOnlyDictionary<string, double>? Scores = null, string? Error = null);

/// <summary><c>mldl predict</c>.</summary>
internal sealed class PredictCommand() : ToolCommand<IReadOnlyList<PredictedFile>>(
    "predict", "Predicts for images, or for the rows of a table.",
    "mldl predict runs/quickstart/best/model.zip digit.png another.png",
    "mldl predict runs/iris/model.zip rows.csv --output predicted.csv",
    "mldl predict runs/iris/model.zip rows.csv --json")
{
    private readonly Argument<string> model = new("model") { Description = "The model .zip." };

    private readonly Argument<string[]> files = new("file")
    {
        Description = "Images or folders of images, or a CSV with the columns the model was trained on.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> output = new("--output", "-o")
    {
        Description = "A .csv for the predictions: the rows' own columns, the prediction, and the score of each class.",
        HelpName = "FILE",
    };

    private readonly TableForm form = new();

    protected override IEnumerable<Symbol> Symbols => [model, files, output, .. form.Symbols];

    // With --output the file is there whole or not at all.
    private protected override bool MayBeLeft => true;

    protected override IReadOnlyList<PredictedFile> Run(ToolContext context)
    {
        var paths = context.Get(files);
        using var working = context.Working($"loading {context.Get(model)}");
        using var predictor = Predictor.Load(context.Get(model), context.Warn, form.Of(context));
        if (context.Get(output) is { } file)
        {
            working.On($"predicting into {file}");
            return Written(context, predictor, paths, file, working);
        }

        var report = new List<PredictedFile>();
        var problems = new List<string>();
        int asked = 0;
        foreach (var path in paths)
        {
            Try(path, () =>
            {
                var found = predictor.FilesOf(path);
                asked += found.Count - 1;
                foreach (var file in found)
                {
                    context.Stop.ThrowIfCancellationRequested();
                    working.On($"predicting for {file}");
                    working.Report(report.Count);
                    Try(file, () => Answer(predictor.Predict(file)));
                }
            });
            asked++;
        }

        if (predictor.Scaled is { } scaled)
        {
            context.Warn(scaled);
        }

        if (problems.Count != 0)
        {
            throw new WorkFailedException(
                asked == 1 ? problems[0] : $"{problems.Count} of {asked} files could not be predicted for.", report);
        }

        return report;

        void Answer(IReadOnlyList<Prediction> predictions)
        {
            foreach (var prediction in predictions)
            {
                report.Add(Of(prediction));
                if (!context.IsJson)
                {
                    context.Live.WriteLine($"{prediction.Source}: {prediction.Text}");
                }
            }
        }

        // One file or folder that cannot be read is no reason to leave the others unanswered.
        void Try(string file, Action predict)
        {
            try
            {
                predict();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                problems.Add(e.Message);
                report.Add(new(file, Error: e.Message));
                if (paths.Length > 1 || file != paths[0])
                {
                    context.Live.Clear();
                    context.Error.WriteLine($"{context.Tool}: {e.Message}");
                }
            }
        }
    }

    // Whole or not at all: a file that cannot be read leaves none.
    private static List<PredictedFile> Written(ToolContext context, Predictor predictor, string[] paths, string file, Waiting working)
    {
        if (!file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
        {
            throw new UsageException($"--output is '{file}', but predictions are written as a table: name a .csv.");
        }

        var report = new List<PredictedFile>();
        long done = 0;
        long rows = PredictionFile.Write(file, paths.SelectMany(predictor.FilesOf).SelectMany(predictor.Predict).Select(prediction =>
        {
            context.Stop.ThrowIfCancellationRequested();
            working.Report(++done);
            if (context.IsJson)
            {
                report.Add(Of(prediction));
            }

            return prediction;
        }));
        if (predictor.Scaled is { } scaled)
        {
            context.Warn(scaled);
        }

        if (!context.IsJson)
        {
            context.Output.WriteLine($"{file}: {Figures.Count(rows, "row")}");
        }

        return report;
    }

    private static PredictedFile Of(Prediction prediction) => new(
        prediction.Source,
        prediction.Predicted is double value ? value : prediction.Predicted?.ToString(),
        prediction.Scores.ToDictionary(s => s.Name, s => Math.Round(s.Score, 6)));
}
