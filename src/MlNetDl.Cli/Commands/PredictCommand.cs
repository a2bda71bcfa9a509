using System.CommandLine;
using System.Globalization;
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
        var files = new Argument<string[]>("file") { Description = "Images, or a CSV with the columns the model was trained on.", Arity = ArgumentArity.OneOrMore };
        return scope.With(new Command("predict", "Predicts for images, or for the rows of a table.") { model, files },
            (parsed, _) => Predict(scope, parsed.GetValue(model)!, parsed.GetValue(files)!, parsed.GetValue(scope.JsonOption)));
    }

    private static JsonArray Predict(CommandScope scope, string model, string[] files, bool json)
    {
        var predictions = files.SelectMany(file => Predictor.Predict(model, file)).ToList();
        foreach (var prediction in predictions.Where(_ => !json))
        {
            scope.Output.WriteLine($"{prediction.Source}: {prediction.Text}");
        }

        return new([.. predictions.Select(p => (JsonNode)new JsonObject
        {
            ["source"] = p.Source, ["predicted"] = p.Predicted is double value ? JsonValue.Create(value) : JsonValue.Create(p.Predicted?.ToString()),
            ["scores"] = new JsonObject(p.Scores.Select(s => KeyValuePair.Create(s.Name, (JsonNode?)JsonValue.Create(Math.Round(s.Score, 6))))),
        })]);
    }
}
