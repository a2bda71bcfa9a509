using System.Text.Json.Nodes;
using MlNetDl.Configuration;
using MlNetDl.Training;

namespace MlNetDl.Experiments;

/// <summary>A stage in few words: its name, how much goes, and the keys that are not as by default.</summary>
internal static class StageWords
{
    private const string Amount = "amount";

    /// <summary>The words, such as <c>filterPruning(amount=0.5, of="macs")</c>.</summary>
    public static string Of(Stage stage)
    {
        var keys = (JsonObject)RecordJson.ToNode(stage);
        var usual = Default(stage.GetType()) is { } plain ? (JsonObject)RecordJson.ToNode(plain) : [];
        var name = keys[RecordChecker.Discriminator]?.ToString() ?? stage.GetType().Name;
        var said = keys.Where(k => k.Key != RecordChecker.Discriminator && k.Value is not null
                && (k.Key == Amount || !JsonNode.DeepEquals(k.Value, usual[k.Key])))
            .Select(k => $"{k.Key}={Short(k.Value!)}").ToList();
        return said.Count == 0 ? name : $"{name}({string.Join(", ", said)})";
    }

    private static string Short(JsonNode value)
    {
        var copy = value.DeepClone();
        foreach (var key in copy is JsonObject keys ? keys.Where(k => k.Value is null).Select(k => k.Key).ToList() : [])
        {
            ((JsonObject)copy).Remove(key);
        }

        return copy.ToJsonString().Replace("\"", "", StringComparison.Ordinal);
    }

    private static Stage? Default(Type type) => type.GetConstructor(Type.EmptyTypes) is null ? null : (Stage)Activator.CreateInstance(type)!;
}
