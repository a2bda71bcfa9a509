using System.Globalization;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace MlNetDl.Configuration;

/// <summary>Paths of values in a record, such as <c>training.stages[1].epochs</c>.</summary>
public static partial class RecordPath
{
    /// <summary>The path of a key below another path.</summary>
    public static string Below(string path, string key) => RecordChecker.Below(path, key);

    /// <summary>Whether a path is another one or lies below it.</summary>
    public static bool IsAtOrBelow(string path, string above) => path == above
        || path.StartsWith($"{above}.", StringComparison.Ordinal) || path.StartsWith($"{above}[", StringComparison.Ordinal);

    /// <summary>The property at a path; <see langword="null"/> where the record has none there, or the way to it leads
    /// through a value that is not set.</summary>
    /// <param name="record">The record.</param>
    /// <param name="path">The path from it on, in the keys of a file.</param>
    public static PropertyInfo? Property(object record, string path)
    {
        var (at, property) = ((object?)record, (JsonPropertyInfo?)null);
        foreach (Match step in Steps().Matches(path))
        {
            if (property is not null)
            {
                at = property.Get?.Invoke(at!);
            }

            if (at is null)
            {
                return null;
            }

            if (step.Groups[1].Success)
            {
                int index = int.Parse(step.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
                at = at is System.Collections.IEnumerable items ? items.Cast<object?>().ElementAtOrDefault(index) : null;
                property = null;
                continue;
            }

            property = RecordJson.Options.GetTypeInfo(at.GetType()).Properties
                .FirstOrDefault(p => p.Name == step.Value && RecordMembers.Settable(p));
            if (property is null)
            {
                return null;
            }
        }

        return property?.AttributeProvider as PropertyInfo;
    }

    [GeneratedRegex(@"\[([0-9]{1,6})\]|[^.\[\]]+")]
    private static partial Regex Steps();
}
