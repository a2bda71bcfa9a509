using System.Globalization;
using System.Text.Json;

namespace MlNetDl.Configuration;

/// <summary>What is wrong with a JSON text, in plain words: those of the reader are for programmers.</summary>
internal static class JsonProblem
{
    /// <summary>The problem, a sentence.</summary>
    public static string Of(JsonException problem)
    {
        var line = problem.LineNumber is { } number ? string.Create(CultureInfo.InvariantCulture, $" in line {number + 1}") : "";
        var key = problem.Path is { Length: > 2 } path ? $" at {path[2..]}" : "";
        return $"the JSON is cut off, or of another form{line}{key}.";
    }
}
