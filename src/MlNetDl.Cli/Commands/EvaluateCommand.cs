using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using MlNetDl.Configuration;
using MlNetDl.Experiments;
using MlNetDl.Metrics;

namespace MlNetDl.Cli.Commands;

/// <summary><c>mldl evaluate</c>.</summary>
internal static class EvaluateCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var scope = new CommandScope(output, error);
        var model = new Argument<string>("model") { Description = "The model .zip." };
        var data = new Option<string>("--data") { Description = "A data set's name (its test part is taken), a folder of images, or a CSV file.", Required = true, HelpName = "D" };
        var label = new Option<string?>("--label") { Description = "The table's column with the truth, where it is not named as in training." };
        var metrics = new Option<string[]>("--metric")
        {
            Description = "A figure beside those of the task, such as top5Accuracy (mldl list metrics); may be given several times.",
            HelpName = "M",
        };
        return scope.With(new Command("evaluate", "Scores data and compares with its labels.") { model, data, label, metrics },
            (parsed, _) => Evaluate(scope, parsed.GetValue(model)!, parsed.GetValue(data)!, parsed.GetValue(label), parsed.GetValue(metrics) ?? [], parsed.GetValue(scope.JsonOption)));
    }

    private static JsonObject Evaluate(CommandScope scope, string model, string data, string? label, string[] metrics, bool json)
    {
        var evaluation = Evaluator.Evaluate(model, data, label, scope.Warn, [.. metrics.Select(MetricOf)]);
        if (!json)
        {
            TextTable.Write(scope.Output, ["figure", "value"], evaluation.Metrics.Select(m => new[] { m.Key, Figures.Number(m.Key, m.Value) }), right: 1);
            scope.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{evaluation.Rows:N0} rows, {evaluation.RowsPerSecond:N0} a second"));
        }

        var result = new JsonObject(evaluation.Metrics.Select(m => KeyValuePair.Create(m.Key, double.IsFinite(m.Value) ? (JsonNode?)JsonValue.Create(m.Value) : null)));
        result["rows"] = evaluation.Rows;
        result["rowsPerSecond"] = Math.Round(evaluation.RowsPerSecond, 1);
        return result;
    }

    private static Metric MetricOf(string name)
    {
        try
        {
            return RecordJson.FromNode<Metric>(JsonValue.Create(name));
        }
        catch (ConfigurationException e)
        {
            throw new ConfigurationException("--metric", e.Problem, e);
        }
    }
}
