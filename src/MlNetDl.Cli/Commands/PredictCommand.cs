using System.CommandLine;
using System.Text.Json.Nodes;
using MlNetDl.Experiments;

namespace MlNetDl.Cli.Commands;

/// <summary><c>mldl predict</c>.</summary>
internal static class PredictCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var scope = new CommandScope(output, error);
        var model = new Argument<string>("model") { Description = "The model .zip." };
        var files = new Argument<string[]>("file") { Description = "Images or folders of images, or a CSV with the columns the model was trained on.", Arity = ArgumentArity.OneOrMore };
        return scope.With(new Command("predict", "Predicts for images, or for the rows of a table.") { model, files },
            (parsed, _) => Predict(scope, parsed.GetValue(model)!, parsed.GetValue(files)!, parsed.GetValue(scope.JsonOption)));
    }

    private static JsonArray Predict(CommandScope scope, string model, string[] paths, bool json)
    {
        using var predictor = Predictor.Load(model, scope.Warn);
        var report = new JsonArray();
        var problems = new List<string>();
        int asked = 0;
        foreach (var path in paths)
        {
            Try(path, () =>
            {
                var files = predictor.FilesOf(path);
                asked += files.Count - 1;
                foreach (var file in files)
                {
                    Try(file, () => Answer(predictor.Predict(file)));
                }
            });
            asked++;
        }

        return problems.Count == 0 ? report : throw new WorkFailedException(asked == 1 ? problems[0] : $"{problems.Count} of {asked} files could not be predicted for.", report);

        void Answer(IReadOnlyList<Prediction> predictions)
        {
            foreach (var prediction in predictions)
            {
                report.Add(Json(prediction));
                if (!json)
                {
                    scope.Output.WriteLine($"{prediction.Source}: {prediction.Text}");
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
                report.Add(new JsonObject { ["source"] = file, ["error"] = e.Message });
                if (paths.Length > 1 || file != paths[0])
                {
                    scope.Error.WriteLine($"mldl: {e.Message}");
                }
            }
        }
    }

    private static JsonObject Json(Prediction prediction) => new()
    {
        ["source"] = prediction.Source,
        ["predicted"] = prediction.Predicted is double value ? JsonValue.Create(value) : JsonValue.Create(prediction.Predicted?.ToString()),
        ["scores"] = new JsonObject(prediction.Scores.Select(s => KeyValuePair.Create(s.Name, (JsonNode?)JsonValue.Create(Math.Round(s.Score, 6))))),
    };
}
