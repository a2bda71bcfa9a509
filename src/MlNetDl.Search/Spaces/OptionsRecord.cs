using System.Reflection;
using System.Text.Json;
using MlNetDl.Search.Distributions;

namespace MlNetDl.Search;

/// <summary>Reads the attributes of an options record and fills records.</summary>
internal static class OptionsRecord
{
    private const int DeepestNesting = 16;

    public static IEnumerable<SearchParameter> Parameters(Type type, string prefix = "", int depth = 0)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var name = prefix + Name(property.Name);
            var when = property.GetCustomAttributes<WhenAttribute>()
                .Select(w => new Condition(prefix + Name(w.Property), w.Values.Select(v => Option(name, v)).ToValueList())).ToList();
            int found = 0;
            if (Distribution(property, name) is { } distribution)
            {
                found++;
                yield return new(name, distribution) { When = when.ToValueList() };
            }
            else if (IsNested(property) && depth < DeepestNesting)
            {
                // What holds for a nested record holds for all in it.
                foreach (var parameter in Parameters(property.PropertyType, name + ".", depth + 1))
                {
                    found++;
                    yield return parameter with { When = when.Concat(parameter.When).ToValueList() };
                }
            }

            if (when.Count > 0 && found == 0)
            {
                throw new ArgumentException(
                    $"parameter '{name}' has [When] but nothing to search; give it [Range], [LogRange] or [Choice].");
            }
        }
    }

    /// <summary>A record with the searched properties set; those that do not exist in this trial
    /// keep their defaults.</summary>
    public static object Fill(Type type, object? template, Func<string, Distribution, Option?> value, string prefix = "", int depth = 0)
    {
        var record = template is null ? Activator.CreateInstance(type)! : Copy(template);
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var name = prefix + Name(property.Name);
            if (Distribution(property, name) is { } distribution)
            {
                if (value(name, distribution) is { } option)
                {
                    property.SetValue(record, JsonSerializer.Deserialize(option.Json, property.PropertyType, Json));
                }
            }
            else if (IsNested(property) && depth < DeepestNesting && Parameters(property.PropertyType, "", depth + 1).Any())
            {
                property.SetValue(record, Fill(property.PropertyType, property.GetValue(record), value, name + ".", depth + 1));
            }
        }

        return record;
    }

    private static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private static string Name(string property) => JsonNamingPolicy.CamelCase.ConvertName(property);

    private static bool IsNested(PropertyInfo property) =>
        property.PropertyType is { IsClass: true, IsAbstract: false } type
        && type != typeof(string)
        && property.SetMethod is not null
        && type.GetMethod("<Clone>$") is not null
        && type.GetConstructor(System.Type.EmptyTypes) is not null;

    private static object Copy(object record) => record.GetType().GetMethod("<Clone>$")!.Invoke(record, null)!;

    /// <summary>The distribution that a property's search attribute says; <see langword="null"/> where it has
    /// none.</summary>
    public static Distribution? Distribution(PropertyInfo property, string name)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        bool whole = type == typeof(int) || type == typeof(long), real = type == typeof(double) || type == typeof(float);
        var said = property.GetCustomAttributes().Where(a => a is RangeAttribute or LogRangeAttribute or ChoiceAttribute).ToList();
        if (said.Count > 1)
        {
            var names = said.Select(a => $"[{a.GetType().Name.Replace("Attribute", "", StringComparison.Ordinal)}]");
            throw new ArgumentException($"parameter '{name}' has {string.Join(" and ", names)}; give it one.");
        }

        if (said.Count > 0 && property.SetMethod is null)
        {
            throw new ArgumentException($"parameter '{name}' is searched but its property cannot be set; give it an init accessor.");
        }

        if (said.Any(a => a is RangeAttribute or LogRangeAttribute) && !whole && !real)
        {
            throw new ArgumentException($"parameter '{name}': a range fits numbers but the property is of type {type.Name}; use [Choice].");
        }

        Distribution? distribution = null;
        if (property.GetCustomAttribute<RangeAttribute>() is { } range)
        {
            var (from, to) = SearchBounds.Of(property, name, "Range", range.From, range.To, isLog: false);
            distribution = whole
                ? new Integer(Whole(from, name), Whole(to, name), double.IsNaN(range.Step) ? 1 : Whole(range.Step, name, "step"))
                : new Uniform(from, to, double.IsNaN(range.Step) ? null : range.Step);
        }
        else if (property.GetCustomAttribute<LogRangeAttribute>() is { } log)
        {
            var (from, to) = SearchBounds.Of(property, name, "LogRange", log.From, log.To, isLog: true);
            distribution = whole ? new Integer(Whole(from, name), Whole(to, name), Log: true) : new LogUniform(from, to);
        }
        else if (property.GetCustomAttribute<ChoiceAttribute>() is { } choice)
        {
            SearchBounds.Check(property, name, choice.Options);
            IEnumerable<object?> all = choice.Options.Count > 0 ? choice.Options
                : type.IsEnum ? Enum.GetValues(type).Cast<object?>()
                : type == typeof(bool) ? [false, true]
                : [];
            return new Choice(all.Select(o => Option(name, o)).ToValueList());
        }

        return distribution;
    }

    private static Option Option(string name, object? value) => value is double or float
        ? Distributions.Option.Of("parameter", name, value)
        : Distributions.Option.Of("parameter", name, JsonSerializer.SerializeToNode(value, value?.GetType() ?? typeof(object), Json));

    private static long Whole(double bound, string name, string what = "bound")
    {
        if (bound != Math.Floor(bound))
        {
            throw new ArgumentException($"parameter '{name}' is a whole number but its range has the {what} "
                + $"{bound.ToString(System.Globalization.CultureInfo.InvariantCulture)}.");
        }

        return (long)bound;
    }
}
