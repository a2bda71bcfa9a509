using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace MlNetDl.Configuration;

/// <summary>Checks a record and all that it is made of: declared ranges (<see cref="BoundAttribute"/>), and rules of records
/// (<see cref="ICheckedRecord"/>).</summary>
public static class RecordCheck
{
    private static readonly ConcurrentDictionary<Type, (string Name, PropertyInfo Property, DeclaredRange? Range)[]> Known = new();

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
        if (record is null or string || record.GetType() is { IsPrimitive: true } or { IsEnum: true })
        {
            return [];
        }

        return record is IEnumerable elements ? Elements(elements, path)
            : Members(record, path).Concat(((record as ICheckedRecord)?.Problems() ?? [])
                .Select(p => p with { Path = p.Path.Length == 0 ? path : RecordChecker.Below(path, p.Path) }));
    }

    // Weights of a layer may be thousands of numbers, of which nothing is declared.
    private static IEnumerable<RecordProblem> Elements(IEnumerable elements, string path) =>
        elements is IEnumerable<float> or IEnumerable<double> or IEnumerable<int> or IEnumerable<long> or IEnumerable<byte>
            ? []
            : elements.Cast<object?>().SelectMany((element, i) => Of(element, $"{path}[{i}]"));

    private static IEnumerable<RecordProblem> Members(object record, string path)
    {
        foreach (var (name, property, range) in Known.GetOrAdd(record.GetType(), MembersOf))
        {
            var (value, below) = (property.GetValue(record), RecordChecker.Below(path, name));
            var problems = range is null ? Of(value, below) : Numbers(value, below).Where(n => !range.Contains(n.Value)).Select(n => Outside(n.Path, range, n.Value));
            foreach (var problem in problems)
            {
                yield return problem;
            }
        }
    }

    // By plain reflection: the JSON form of a type takes milliseconds to make, and a host that only scores has its options checked, too.
    private static (string Name, PropertyInfo Property, DeclaredRange? Range)[] MembersOf(Type type) =>
        type.GetMethod("<Clone>$") is null && !type.IsAssignableTo(typeof(ICheckedRecord))
            ? []
            : [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanRead && p.CanWrite && p.GetIndexParameters().Length == 0)
                .Select(p => (JsonNamingPolicy.CamelCase.ConvertName(p.Name), p, DeclaredRange.Of(p)))];

    private static IEnumerable<(string Path, double Value)> Numbers(object? value, string path) => value switch
    {
        null => [],
        IEnumerable list => list.Cast<object>().SelectMany((element, i) => Numbers(element, $"{path}[{i}]")),
        _ => [(path, Convert.ToDouble(value, CultureInfo.InvariantCulture))],
    };

    private static RecordProblem Outside(string path, DeclaredRange range, double value) =>
        new(path, string.Create(CultureInfo.InvariantCulture, $"must be {range} but is {value}."));
}
