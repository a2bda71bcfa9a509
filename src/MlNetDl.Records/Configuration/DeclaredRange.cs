using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace MlNetDl.Configuration;

/// <summary>The range of a number, as the bounds beside its property declare it.</summary>
public sealed class DeclaredRange
{
    private static readonly ConcurrentDictionary<MemberInfo, DeclaredRange?> Known = new();
    private readonly IReadOnlyList<BoundAttribute> bounds;

    private DeclaredRange(IReadOnlyList<BoundAttribute> bounds) => this.bounds = bounds;

    /// <summary>The lower end, itself included with <see cref="AtLeastAttribute"/> only; <see langword="null"/> where
    /// there is none.</summary>
    public BoundAttribute? Lower => bounds.FirstOrDefault(b => b is AtLeastAttribute or AboveAttribute);

    /// <summary>The upper end, itself included with <see cref="AtMostAttribute"/> only; <see langword="null"/> where
    /// there is none.</summary>
    public BoundAttribute? Upper => bounds.FirstOrDefault(b => b is AtMostAttribute or BelowAttribute);

    /// <summary>The range of a property; <see langword="null"/> where none is declared.</summary>
    public static DeclaredRange? Of(MemberInfo member) => Known.GetOrAdd(member, static m =>
        Attribute.GetCustomAttributes(m, typeof(BoundAttribute), inherit: true).Cast<BoundAttribute>().ToArray()
            is { Length: > 0 } bounds ? new(bounds) : null);

    /// <summary>Whether a number lies in it.</summary>
    public bool Contains(double value) => double.IsFinite(value) && bounds.All(b => b.Holds(value));

    /// <summary>The range in words: <c>1 or more</c>, <c>0 or more and below 1</c>, <c>0 to 0.9</c>.</summary>
    public override string ToString()
    {
        var from = Lower is null ? "" : Lower is AtLeastAttribute ? $"{Text(Lower)} or more" : $"above {Text(Lower)}";
        var to = Upper is null ? "" : Upper is AtMostAttribute ? $"{Text(Upper)} or less" : $"below {Text(Upper)}";
        return Lower is AtLeastAttribute && Upper is AtMostAttribute ? $"{Text(Lower)} to {Text(Upper)}"
            : from.Length > 0 && to.Length > 0 ? $"{from} and {to}"
            : from + to;
    }

    internal static DeclaredRange? Of(JsonPropertyInfo property) => property.AttributeProvider is MemberInfo member ? Of(member) : null;

    /// <summary>Writes the bounds into a JSON schema.</summary>
    internal void Describe(JsonObject schema)
    {
        foreach (var bound in bounds)
        {
            schema[bound switch
            {
                AtLeastAttribute => "minimum",
                AboveAttribute => "exclusiveMinimum",
                AtMostAttribute => "maximum",
                _ => "exclusiveMaximum",
            }] = bound.Bound;
        }
    }

    private static string Text(BoundAttribute bound) => bound.Bound.ToString(CultureInfo.InvariantCulture);
}
