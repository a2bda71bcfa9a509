using System.Globalization;
using System.Text.Json;
using MlNetDl.Models;

namespace MlNetDl.Commands;

/// <summary>How a model was trained, as text.</summary>
internal static class TrainingView
{
    public static void Write(TextWriter output, TrainingSummary training)
    {
        output.WriteLine();
        var early = training.StoppedEarly ? ", stopped early" : "";
        var restored = training.Restored ? ", whose weights these are" : "";
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{(training.Stage is null ? "" : $"{training.Stage}: ")}trained: {Figures.Count(training.Epochs, "epoch")} on "
                + $"{training.Examples:N0} examples{early}; best epoch {training.BestEpoch}{restored}"));
        output.WriteLine($"training: {Figures.Text(training.Training)}");
        if (training.Validation.Count > 0)
        {
            output.WriteLine($"validation: {Figures.Text(training.Validation)}");
        }

        if (training.Options is { } options)
        {
            TextTable.Write(output, ["setting", "value"], Settings("", options));
        }
    }

    // Keys as an experiment has them below training, without those that are not set.
    private static IEnumerable<string[]> Settings(string path, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(p => Settings(path.Length == 0 ? p.Name : $"{path}.{p.Name}", p.Value)),
        JsonValueKind.Null => [],
        JsonValueKind.Array when value.EnumerateArray().Any(v => v.ValueKind == JsonValueKind.Object) =>
            value.EnumerateArray().SelectMany((v, i) => Settings($"{path}[{i}]", v)),
        JsonValueKind.Array => value.GetArrayLength() == 0
            ? []
            : [[path, string.Join(", ", value.EnumerateArray().Select(v => v.ToString()))]],
        _ => [[path, value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetRawText() : value.ToString()]],
    };
}
