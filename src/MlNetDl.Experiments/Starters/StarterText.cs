using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MlNetDl.Experiments;

/// <summary>The YAML of a <see cref="Starter"/>.</summary>
internal static partial class StarterText
{
    // A validation part of fewer rows chooses by chance.
    private const int LeastForValidation = 100;
    private const int CommentColumn = 37;

    private static readonly JsonSerializerOptions Quotes = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly HashSet<string> Meanings =
        new(["true", "false", "yes", "no", "on", "off", "y", "n", "t", "f", "null"], StringComparer.OrdinalIgnoreCase);

    /// <summary>A value as YAML reads it back.</summary>
    public static string Quoted(string text) => Plain().IsMatch(text) && !Meanings.Contains(text) ? text : JsonSerializer.Serialize(text, Quotes);

    /// <summary>A list of values.</summary>
    public static string List(IEnumerable<string> values) => $"[{string.Join(", ", values.Select(Quoted))}]";

    /// <summary>The file.</summary>
    public static string Of(Starter starter)
    {
        bool validates = starter.Rows >= LeastForValidation;
        var text = new StringBuilder($"""
            # Check it in seconds with: mldl check THIS.yaml
            # Run it with:              mldl run THIS.yaml
            # Every key, with its meaning: mldl schema
            name: {Quoted(starter.Name)}

            """);
        Line(text, "", ("task", starter.Task, starter.Why));
        text.Append('\n');
        Section(text, "data", starter.Data);
        text.Append("\n# Change this first: another network, or a larger or smaller one (mldl list networks).\n");
        Section(text, "network", starter.Network);
        text.Append("\n# Then these: the learning rate, the number of epochs.\n");
        Section(text, "training",
        [
            .. starter.AreImages
                ? new[] { ("epochs", "15", "passes over the images; more take longer and learn more"), ("batchSize", "32", "") }
                : [("# epochs", "50", "passes over the rows; without it they follow from how many rows there are"), ("# batchSize", "32", "so does this")],
            ("optimizer", $"{{ type: adam, learningRate: {(starter.AreImages ? "0.001" : "0.003")} }}", "mldl list optimizers"),
            ("schedule", "oneCycle", "the rate rises, then falls to nothing"),
            .. validates
                ? new[]
                {
                    ("validationFraction", "0.1", "held out of the rows to train on, to choose the best epoch"),
                    ("restoreBestWeights", "true", ""),
                    ("# earlyStopping", "{ patience: 10 }", ""),
                }
                : [("# validationFraction", "0.1", $"too few rows to choose an epoch by; from {LeastForValidation} on it helps")],
            .. starter.Training,
            ("seed", "1", "the same seed gives the same weights"),
        ]);
        text.Append("\n# seeds: [1, 2, 3]   # three trainings; figures are mean ± standard deviation\n");
        return text.ToString();
    }

    private static void Section(StringBuilder text, string name, IReadOnlyList<(string Key, string Value, string Comment)> keys)
    {
        text.Append(CultureInfo.InvariantCulture, $"{name}:\n");
        foreach (var key in keys)
        {
            Line(text, "  ", key);
        }
    }

    private static void Line(StringBuilder text, string indent, (string Key, string Value, string Comment) line)
    {
        var written = $"{indent}{line.Key}: {line.Value}";
        text.Append(line.Comment.Length == 0 ? written : $"{written.PadRight(CommentColumn)} # {line.Comment.ReplaceLineEndings(" ")}").Append('\n');
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_./-]*$")]
    private static partial Regex Plain();
}
