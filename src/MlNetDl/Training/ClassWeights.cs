using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MlNetDl.Configuration;

namespace MlNetDl.Training;

/// <summary>Weights of the classes in the loss, by the classes' names: in YAML
/// <c>{ benign: 1, malignant: 3 }</c>, or <c>balanced</c>.</summary>
/// <remarks>Names are used, because the order of the classes follows from the order of a table's rows.</remarks>
[JsonConverter(typeof(ClassWeightsJson))]
public sealed record ClassWeights : ICheckedRecord
{
    private ClassWeights(ValueList<ClassWeight> named, bool isBalanced) => (Named, IsBalanced) = (named, isBalanced);

    /// <summary>All classes weigh the same.</summary>
    public static ClassWeights None { get; } = new([], false);

    /// <summary>Each class weighs n / (k · nᶜ), where n examples lie in k classes and nᶜ of them in this class. This is
    /// scikit-learn's <c>class_weight="balanced"</c>. The training part is counted, by the examples' weights.</summary>
    public static ClassWeights Balanced { get; } = new([], true);

    /// <summary>The given weights; a class without one weighs 1.</summary>
    public ValueList<ClassWeight> Named { get; }

    /// <summary>Whether the weights follow from the classes' frequencies.</summary>
    public bool IsBalanced { get; }

    /// <summary>Whether all classes weigh the same.</summary>
    public bool IsNone => Named.Count == 0 && !IsBalanced;

    /// <summary>The given weights.</summary>
    /// <param name="weights">Class and weight, 0 or more; the examples of a class of weight 0 do not train the network,
    /// but they count in the standardisation.</param>
    public static ClassWeights Of(params IReadOnlyList<(string Class, double Weight)> weights) =>
        new([.. weights.Select(w => new ClassWeight(w.Class, w.Weight))], false);

    /// <summary>The weight of each class.</summary>
    /// <param name="classes">Names of the classes by index.</param>
    /// <param name="counts">The number of examples in each class; empty where it is not known.</param>
    /// <exception cref="ArgumentException">A named class does not exist or is named twice, all classes weigh 0, or
    /// there are no classes.</exception>
    public IReadOnlyList<double> For(IReadOnlyList<string> classes, IReadOnlyList<double> counts)
    {
        if (classes.Count == 0)
        {
            throw new ArgumentException("training.classWeights are given, but the task has no classes; weigh examples instead.");
        }

        if (IsBalanced)
        {
            if (counts.Count != classes.Count)
            {
                throw new ArgumentException("training.classWeights is 'balanced', but nobody has counted the classes "
                    + "of this training; give the weights by name.");
            }

            return [.. counts.Select(c => c > 0 ? counts.Sum() / (classes.Count * c) : 0)];
        }

        var weights = Enumerable.Repeat(1.0, classes.Count).ToArray();
        foreach (var (name, weight) in Named)
        {
            int index = classes.ToList().IndexOf(name);
            if (index < 0)
            {
                throw new ArgumentException($"training.classWeights names a class '{name}' that is not there; "
                    + $"the classes are {string.Join(", ", classes)}.");
            }

            weights[index] = weight;
        }

        if (!weights.Any(w => w > 0))
        {
            throw new ArgumentException("training.classWeights are all 0, so nothing would be learned; give at least "
                + "one class a weight above 0.");
        }

        return weights;
    }

    /// <inheritdoc/>
    public override string ToString() => IsBalanced ? "balanced" : $"{{ {string.Join(", ", Named)} }}";

    /// <inheritdoc/>
    public IEnumerable<RecordProblem> Problems()
    {
        foreach (var (name, weight) in Named.Where(n => !(n.Weight >= 0 && double.IsFinite(n.Weight))))
        {
            yield return new(name, string.Create(CultureInfo.InvariantCulture, $"must be 0 or more but is {weight}."));
        }

        foreach (var twice in Named.GroupBy(n => n.Class).Where(g => g.Skip(1).Any()))
        {
            yield return new(twice.Key, "is named twice.");
        }
    }
}

/// <summary>The weight of one class.</summary>
/// <param name="Class">Its name.</param>
/// <param name="Weight">Its weight, 0 or more.</param>
public sealed record ClassWeight(string Class, double Weight)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Class}: {Weight}");
}

/// <summary>Class weights as an object of names and numbers, or as the word <c>balanced</c>.</summary>
internal sealed class ClassWeightsJson : JsonConverter<ClassWeights>, IRecordForm
{
    // The names of classes are keys.
    public JsonObject Schema => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["enum"] = new JsonArray("balanced") },
            new JsonObject { ["type"] = "object", ["additionalProperties"] = new JsonObject { ["type"] = "number", ["minimum"] = 0 } }),
    };

    private const string Expected = "expected the names of classes with their weights, such as { benign: 1, malignant: 3 }, or 'balanced'";

    public override ClassWeights Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            if (reader.GetString() != "balanced")
            {
                throw new JsonException($"{Expected}, but got the text '{reader.GetString()}'.");
            }

            return ClassWeights.Balanced;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException($"{Expected}. A list of numbers would depend on the order of the classes.");
        }

        var weights = new List<(string, double)>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.Number)
            {
                throw new JsonException($"the weight of class '{name}' must be a number.");
            }

            weights.Add((name, reader.GetDouble()));
        }

        return ClassWeights.Of(weights);
    }

    public override void Write(Utf8JsonWriter writer, ClassWeights value, JsonSerializerOptions options)
    {
        if (value.IsBalanced)
        {
            writer.WriteStringValue("balanced");
            return;
        }

        writer.WriteStartObject();
        foreach (var (name, weight) in value.Named)
        {
            writer.WriteNumber(name, weight);
        }

        writer.WriteEndObject();
    }
}
