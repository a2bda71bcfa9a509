using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Files;
using MlNetDl.Training;

namespace MlNetDl.Recipes;

/// <summary>Keeps the results of a stage's own work, one JSON file for each, so that the work is not
/// repeated.</summary>
/// <param name="path">The files' common beginning; <see langword="null"/> keeps nothing.</param>
internal sealed class StageCheckpoint(string? path)
{
    private readonly HashSet<string> done = [];

    // All parts of a value must come back, including fields (of tuples) and members that are null.
    private readonly JsonSerializerOptions options = new(RecordJson.Options)
    {
        WriteIndented = false,
        IncludeFields = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new WeightsJson() },
    };

    /// <summary>The result kept under a name. Where there is none, runs <paramref name="work"/> and keeps its
    /// result.</summary>
    /// <param name="name">The name.</param>
    /// <param name="of">The identity of the work. A result of another identity is not used.</param>
    /// <param name="work">The work.</param>
    /// <param name="type">The type of the value.</param>
    /// <exception cref="NotSupportedException">Such a value has no JSON form; nothing was done.</exception>
    /// <exception cref="InvalidOperationException">The name was used before, or the value could not
    /// be read back.</exception>
    /// <exception cref="IOException">The file cannot be written; nothing was done.</exception>
    public object? Once(string name, string of, Func<object?> work, Type type)
    {
        if (!done.Add(name))
        {
            throw new InvalidOperationException(
                $"StageContext.Once was asked for '{name}' twice; give each work of a stage a name of its own.");
        }

        CheckForm(name, type);
        var file = path is null ? null : $"{path}.{Convert.ToHexStringLower(XxHash32.Hash(Encoding.UTF8.GetBytes(name)))}";
        if (file is not null && Kept(file, of, type, out var before))
        {
            return before;
        }

        if (file is not null)
        {
            Checkpoint.CheckWritable(file);
        }

        // The value is read back from what was written. So an interrupted recipe gives the same as one that was not
        // interrupted.
        using var memory = new MemoryStream();
        Write(memory, of, work(), type);
        memory.Position = 0;
        var value = ReadBack(memory, name, type);
        if (file is not null)
        {
            memory.Position = 0;
            AtomicFile.Write(file, memory.CopyTo);
        }

        return value;
    }

    private void CheckForm(string name, Type type)
    {
        Exception? why = null;
        try
        {
            _ = options.GetTypeInfo(type);
        }
        catch (Exception e) when (e is NotSupportedException or InvalidOperationException)
        {
            why = e;
        }

        if (why is not null || type == typeof(object) || type.IsAssignableTo(typeof(Delegate)))
        {
            throw new NotSupportedException(
                $"StageContext.Once(\"{name}\") is of {type.Name}, which has no form in a file; let it be records, "
                    + "numbers, lists, dictionaries or Weights (of a tensor, its values as float[]).",
                why);
        }
    }

    private void Write(Stream stream, string of, object? value, Type type)
    {
        using var writer = new Utf8JsonWriter(stream);
        writer.WriteStartObject();
        writer.WriteString("of", of);
        writer.WritePropertyName("value");
        JsonSerializer.Serialize(writer, value, type, options);
        writer.WriteEndObject();
    }

    private object? ReadBack(Stream stream, string name, Type type)
    {
        try
        {
            using var document = JsonDocument.Parse(stream, new() { MaxDepth = options.MaxDepth });
            return document.RootElement.GetProperty("value").Deserialize(type, options);
        }
        catch (Exception e) when (e is JsonException or ConfigurationException)
        {
            throw new InvalidOperationException(
                $"What StageContext.Once(\"{name}\") got, a {type.Name}, cannot be read back from JSON: {e.Message} "
                    + "Let it be records, numbers, lists, dictionaries or Weights.",
                e);
        }
    }

    // The work is repeated where the file is damaged, has another identity, or holds a type that has changed since.
    private bool Kept(string file, string of, Type type, out object? value)
    {
        value = null;
        if (!File.Exists(file))
        {
            return false;
        }

        try
        {
            using var stream = File.OpenRead(file);
            using var document = JsonDocument.Parse(stream, new() { MaxDepth = options.MaxDepth });
            if (document.RootElement.GetProperty("of").GetString() != of)
            {
                return false;
            }

            value = document.RootElement.GetProperty("value").Deserialize(type, options);
            return true;
        }
        catch (Exception e) when (e is JsonException or FormatException or ConfigurationException
            or KeyNotFoundException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Weights as a list of names, dimensions and bytes.</summary>
    private sealed class WeightsJson : JsonConverter<Weights>
    {
        // A weight may have more bytes than a JSON text can hold.
        private const int ChunkFloats = 1 << 20;

        public override Weights Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(JsonSerializer.Deserialize<List<Bytes>>(ref reader, options)!
                .Select(b => new WeightArray(b.Name, b.Dims, [.. b.Data.SelectMany(Floats)])));

        public override void Write(Utf8JsonWriter writer, Weights value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(
                writer,
                value.Select(w => new Bytes(w.Name, w.Dims, [.. w.Data.Chunk(ChunkFloats).Select(ToBytes)])),
                options);

        private static byte[] ToBytes(float[] floats) => MemoryMarshal.AsBytes<float>(floats).ToArray();

        private static float[] Floats(byte[] bytes) => MemoryMarshal.Cast<byte, float>(bytes).ToArray();

        private sealed record Bytes(string Name, ValueList<long> Dims, List<byte[]> Data);
    }
}
