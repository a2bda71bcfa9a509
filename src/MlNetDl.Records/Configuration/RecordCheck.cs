using System.Collections;
using System.Globalization;
using System.Text.Json.Serialization.Metadata;

namespace MlNetDl.Configuration;

/// <summary>Checks a record and all that it is made of: declared ranges (<see cref="BoundAttribute"/>), and rules of records
/// (<see cref="ICheckedRecord"/>).</summary>
public static class RecordCheck
{
    /// <summary>All that is wrong, in order of the members.</summary>
    /// <param name="record">The record; nothing is wrong without one.</param>
    /// <param name="path">Where it stands.</param>
    public static IReadOnlyList<RecordProblem> Problems(object? record, string path = "") => [.. Of(record, path)];

    /// <summary>Refuses a record with anything wrong.</summary>
    /// <param name="record">The record; nothing is refused without one.</param>
    /// <param name="name">What the caller calls it, such as <c>training</c>.</param>
    /// <exception cref="ArgumentException">Something is wrong; the message says all of it.</exception>
    public static void Require(object? record, string name) => Require((record, name));

    /// <summary>Refuses records with anything wrong.</summary>
    /// <param name="records">The records, and what the caller calls them.</param>
    /// <exception cref="ArgumentException">Something is wrong; the message says all of it.</exception>
    public static void Require(params IEnumerable<(object? Record, string Name)> records)
    {
        var problems = records.SelectMany(r => Problems(r.Record, r.Name)).ToList();
        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join('\n', problems));
        }
    }

    private static IEnumerable<RecordProblem> Of(object? record, string path)
    {
        if (record is null or string || record.GetType() is { IsPrimitive: true } or { IsEnum: true } or { IsArray: true } || record is Delegate)
        {
            yield break;
        }

        if (record is IEnumerable elements)
        {
            int index = 0;
            foreach (var element in elements)
            {
                foreach (var problem in Of(element, $"{path}[{index}]"))
                {
                    yield return problem;
                }

                index++;
            }

            yield break;
        }

        foreach (var problem in Members(record, path))
        {
            yield return problem;
        }

        foreach (var problem in (record as ICheckedRecord)?.Problems() ?? [])
        {
            yield return problem with { Path = problem.Path.Length == 0 ? path : RecordChecker.Below(path, problem.Path) };
        }
    }

    private static IEnumerable<RecordProblem> Members(object record, string path)
    {
        var info = Info(record.GetType());
        foreach (var member in info?.Kind == JsonTypeInfoKind.Object ? info.Properties.Where(RecordChecker.Settable) : [])
        {
            var value = member.Get?.Invoke(record);
            var below = RecordChecker.Below(path, member.Name);
            var range = DeclaredRange.Of(member);
            foreach (var problem in range is null ? Of(value, below) : Numbers(value, below).Where(n => !range.Contains(n.Value)).Select(n => Outside(n.Path, range, n.Value)))
            {
                yield return problem;
            }
        }
    }

    private static IEnumerable<(string Path, double Value)> Numbers(object? value, string path) => value switch
    {
        null => [],
        IEnumerable list => list.Cast<object>().SelectMany((element, i) => Numbers(element, $"{path}[{i}]")),
        _ => [(path, Convert.ToDouble(value, CultureInfo.InvariantCulture))],
    };

    private static RecordProblem Outside(string path, DeclaredRange range, double value) =>
        new(path, string.Create(CultureInfo.InvariantCulture, $"must be {range} but is {value}."));

    // What has no JSON form has no members that are declared.
    private static JsonTypeInfo? Info(Type type)
    {
        try
        {
            return RecordJson.Options.GetTypeInfo(type);
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }
}
