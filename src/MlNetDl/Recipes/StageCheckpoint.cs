using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Files;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Recipes;

/// <summary>What a stage has worked out, in a file of its own, so that it is not worked out again: JSON, replaced as a whole.</summary>
/// <param name="path">The file; <see langword="null"/> keeps nothing.</param>
internal sealed class StageCheckpoint(string? path)
{
    private static JsonSerializerOptions Options => new(RecordJson.Options)
    {
        WriteIndented = false,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new WeightsJson() },
    };

    /// <summary>What is kept under a name, or else what <paramref name="work"/> gives, which is kept then.</summary>
    /// <param name="name">The name.</param>
    /// <param name="of">What it belongs to; work of something else is done anew.</param>
    /// <param name="work">The work.</param>
    /// <param name="type">Of what type the value is.</param>
    /// <exception cref="NotSupportedException">Such a value has no JSON form.</exception>
    public object? Once(string name, string of, Func<object?> work, Type type)
    {
        var options = Options;
        var kept = Read();
        if (kept.GetValueOrDefault(name) is { } found && found.Of == of && TryRead(found.Value, type, options, out var before))
        {
            return before;
        }

        // What is returned is what was written: a recipe that is interrupted then leaves the same as one that is not.
        var value = JsonSerializer.SerializeToElement(work(), type, options);
        if (path is not null)
        {
            kept[name] = new(of, value);
            AtomicFile.WriteText(path, JsonSerializer.Serialize(kept, options));
        }

        return value.Deserialize(type, options);
    }

    private Dictionary<string, Kept> Read()
    {
        try
        {
            return path is null || !File.Exists(path) ? [] : JsonSerializer.Deserialize<Dictionary<string, Kept>>(File.ReadAllText(path, Encoding.UTF8), Options) ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    // A type that has changed since.
    private static bool TryRead(JsonElement value, Type type, JsonSerializerOptions options, out object? read)
    {
        try
        {
            read = value.Deserialize(type, options);
            return true;
        }
        catch (Exception e) when (e is JsonException or FormatException or ConfigurationException)
        {
            read = null;
            return false;
        }
    }

    private sealed record Kept(string Of, JsonElement Value);

    /// <summary>Weights as a list of names, dimensions and bytes.</summary>
    private sealed class WeightsJson : JsonConverter<Weights>
    {
        public override Weights Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(JsonSerializer.Deserialize<List<Bytes>>(ref reader, options)!.Select(b => new WeightArray(b.Name, b.Dims, Floats(b))));

        public override void Write(Utf8JsonWriter writer, Weights value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Select(w => new Bytes(w.Name, w.Dims, System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(w.Data).ToArray())), options);

        private static float[] Floats(Bytes bytes)
        {
            var floats = new float[bytes.Data.Length / sizeof(float)];
            Buffer.BlockCopy(bytes.Data, 0, floats, 0, floats.Length * sizeof(float));
            return floats;
        }

        private sealed record Bytes(string Name, ValueList<long> Dims, byte[] Data);
    }
}
