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
        var files = paths.SelectMany(predictor.FilesOf).ToList();
        var problems = new List<string>();
        foreach (var file in files)
        {
            try
            {
                foreach (var prediction in predictor.Predict(file))
                {
                    report.Add(Json(prediction));
                    if (!json)
                    {
                        scope.Output.WriteLine($"{prediction.Source}: {prediction.Text}");
                    }
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                // One file that cannot be read is no reason to leave the others unanswered.
                problems.Add(e.Message);
                report.Add(new JsonObject { ["file"] = file, ["error"] = e.Message });
                if (files.Count > 1)
                {
                    scope.Error.WriteLine($"mldl: {e.Message}");
                }
            }
        }

        return problems.Count == 0 ? report : throw new WorkFailedException(files.Count == 1 ? problems[0] : $"{problems.Count} of {files.Count} files could not be predicted for.", report);
    }

    private static JsonObject Json(Prediction prediction) => new()
    {
        ["source"] = prediction.Source, ["predicted"] = prediction.Predicted is double value ? JsonValue.Create(value) : JsonValue.Create(prediction.Predicted?.ToString()),
        ["scores"] = new JsonObject(prediction.Scores.Select(s => KeyValuePair.Create(s.Name, (JsonNode?)JsonValue.Create(Math.Round(s.Score, 6))))),
    };
}
