using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace MlNetDl.Configuration;

/// <summary>Checks a record and all that it is made of: declared ranges (<see cref="BoundAttribute"/>), and rules
/// of records (<see cref="ICheckedRecord"/>).</summary>
public static class RecordCheck
{
    private static readonly ConcurrentDictionary<Type, Member[]> Known = new();

    /// <summary>All problems, in the order of the members.</summary>
    /// <param name="record">The record; <see langword="null"/> has no problems.</param>
    /// <param name="path">The path of the record.</param>
    public static IReadOnlyList<RecordProblem> Problems(object? record, string path = "") => [.. Of(record, path, 0)];

    /// <summary>Refuses a record that has problems.</summary>
    /// <param name="record">The record; <see langword="null"/> passes.</param>
    /// <param name="name">What the caller calls it, such as <c>training</c>.</param>
    /// <exception cref="ArgumentException">Something is wrong; the message says all of it.</exception>
    public static void Require(object? record, string name) => Require((record, name));

    /// <summary>Refuses records that have problems.</summary>
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

    /// <summary>All problems of a member's value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="range">The range beside the member, if any.</param>
    /// <param name="path">The path of the member.</param>
    internal static IReadOnlyList<RecordProblem> Problems(object? value, DeclaredRange? range, string path) =>
        [.. Value(value, range, path, 0)];

    private static RecordProblem Null(string path) => new(path, "must not be null.");

    // A tree of layers may be too deep for the stack. That is one problem, wherever it is found first.
    private static IEnumerable<RecordProblem> Of(object? record, string path, int depth)
    {
        if (record is null or string || record.GetType() is { IsPrimitive: true } or { IsEnum: true })
        {
            return [];
        }

        return depth > RecordDepth.Limit ? [new(path, RecordDepth.Problem)]
            : record is IDictionary map ? map.Keys.Cast<object>()
                .SelectMany(key => Of(map[key], RecordChecker.Below(path, $"{key}"), depth + 1))
            : record is IEnumerable elements ? Elements(elements, path, depth)
            : Members(record, path, depth).Concat(Own(record, path));
    }

    private static IEnumerable<RecordProblem> Own(object record, string path) => record is not ICheckedRecord own ? []
        : Asked(own).Select(p => p with { Path = p.Path.Length == 0 ? path : RecordChecker.Below(path, p.Path) });

    private static List<RecordProblem> Asked(ICheckedRecord record)
    {
        try
        {
            return [.. record.Problems() ?? throw new ComponentException(
                record, nameof(record.Problems), "it returned null; return no problem as an empty list.")];
        }
        catch (Exception e) when (e is not ComponentException)
        {
            throw new ComponentException(record, nameof(record.Problems), e);
        }
    }

    // A layer may hold thousands of numbers, for which no range is declared.
    private static IEnumerable<RecordProblem> Elements(IEnumerable elements, string path, int depth) =>
        elements is IEnumerable<float> or IEnumerable<double> or IEnumerable<int> or IEnumerable<long> or IEnumerable<byte>
            ? []
            : elements.Cast<object?>().SelectMany((element, i) => Of(element, $"{path}[{i}]", depth + 1));

    private static IEnumerable<RecordProblem> Members(object record, string path, int depth)
    {
        foreach (var member in Known.GetOrAdd(record.GetType(), MembersOf))
        {
            var (value, below) = (member.Property.GetValue(record), RecordChecker.Below(path, member.Name));
            var problems = value is null ? member.MayBeNull ? [] : [Null(below)]
                : Value(value, member.Range, below, depth + 1);
            foreach (var problem in problems)
            {
                yield return problem;
            }
        }
    }

    private static IEnumerable<RecordProblem> Value(object? value, DeclaredRange? range, string path, int depth) => range is null
        ? Of(value, path, depth)
        : Numbers(value, path).Where(n => !range.Contains(n.Value)).Select(n => Outside(n.Path, range, n.Value));

    private sealed record Member(string Name, PropertyInfo Property, DeclaredRange? Range, bool MayBeNull);

    // Plain reflection is used, because the JSON form of a type takes milliseconds to make and a host that only scores
    // has its options checked too.
    private static Member[] MembersOf(Type type)
    {
        var nullability = new NullabilityInfoContext();
        Member[] all = [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanRead && p.GetIndexParameters().Length == 0)
            .Where(p => !p.IsDefined(typeof(PassedOnAttribute)))
            .Select(p => (Property: p, Range: DeclaredRange.Of(p)))
            .Where(p => p.Property.CanWrite || p.Range is not null)
            .Select(p => new Member(
                JsonNamingPolicy.CamelCase.ConvertName(p.Property.Name),
                p.Property,
                p.Range,
                MayBeNull(p.Property, nullability)))];
        bool isRecord = type.GetMethod("<Clone>$") is not null || type.IsAssignableTo(typeof(ICheckedRecord));
        return isRecord || all.Any(m => m.Range is not null) ? all : [];
    }

    private static bool MayBeNull(PropertyInfo property, NullabilityInfoContext nullability) =>
        property.PropertyType.IsValueType || nullability.Create(property).ReadState != NullabilityState.NotNull;

    private static IEnumerable<(string Path, double Value)> Numbers(object? value, string path) => value switch
    {
        null => [],
        IEnumerable list => list.Cast<object>().SelectMany((element, i) => Numbers(element, $"{path}[{i}]")),
        _ => [(path, Convert.ToDouble(value, CultureInfo.InvariantCulture))],
    };

    private static RecordProblem Outside(string path, DeclaredRange range, double value) =>
        new(path, string.Create(CultureInfo.InvariantCulture, $"must be {range} but is {value}."));
}
