using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MlNetDl.Configuration;
using MlNetDl.Files;
using MlNetDl.Models;
using MlNetDl.Onnx;

namespace MlNetDl.Compression;

/// <summary>A fitted model from which a network learns: a file (a model <c>.zip</c>, or an <c>.onnx</c> of any
/// origin), or a model in memory. In YAML it is the file's path.</summary>
/// <remarks>Two teachers are equal where they have the same path, or hold the same graph.</remarks>
[JsonConverter(typeof(TeacherJson))]
public sealed class Teacher : IEquatable<Teacher>
{
    // A model in memory is written as the digest of its graph, so that a checkpoint and a saved model say which it was.
    private const string MemoryPrefix = "sha256:";
    private readonly string text;
    private readonly TeacherContent? content;

    private Teacher(string text, TeacherContent? content = null) => (this.text, this.content) = (text, content);

    /// <summary>A teacher in a file: a model <c>.zip</c>, or an <c>.onnx</c>. It is read when a training
    /// begins.</summary>
    /// <param name="path">The file; a relative path counts from the current folder.</param>
    public static Teacher At(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new(path);
    }

    /// <summary>A teacher in memory.</summary>
    /// <param name="package">The model, such as <c>transformer.Package</c>.</param>
    public static Teacher Of(ModelPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        return InMemory(package, package.Graphs[package.Manifest.Main.Name]);
    }

    /// <summary>A teacher in memory.</summary>
    /// <param name="onnx">The bytes of an <c>.onnx</c> file.</param>
    /// <exception cref="ModelFormatException">The bytes are not an ONNX model.</exception>
    public static Teacher Of(byte[] onnx)
    {
        ArgumentNullException.ThrowIfNull(onnx);
        _ = OnnxReader.Parse(onnx);
        return InMemory(null, onnx);
    }

    /// <summary>A teacher in a file.</summary>
    /// <param name="path">The file; see <see cref="At"/>.</param>
    public static implicit operator Teacher(string path) => At(path);

    /// <inheritdoc/>
    public bool Equals(Teacher? other) => other is not null && text == other.text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Teacher);

    /// <inheritdoc/>
    public override int GetHashCode() => text.GetHashCode(StringComparison.Ordinal);

    /// <summary>The path, or the SHA-256 of the graph of a model in memory.</summary>
    public override string ToString() => text;

    /// <summary>The same teacher by the full path of its file.</summary>
    internal Teacher WithFullPath() => content is not null || IsDigest || text.Length == 0 ? this : new(Path.GetFullPath(text));

    /// <summary>Reads the model.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ModelFormatException">The file is no model, or is damaged.</exception>
    /// <exception cref="InvalidOperationException">The text is the digest of a model that was in memory.</exception>
    internal TeacherContent Load()
    {
        if (content is not null)
        {
            return content;
        }

        if (IsDigest)
        {
            throw new InvalidOperationException($"The teacher {text} was a model in memory, of which only the digest was "
                + "written; give the path of its file.");
        }

        if (!File.Exists(text))
        {
            throw new FileNotFoundException($"The teacher '{text}' does not exist.{MissingFile.Place(text)}", text);
        }

        var (name, bytes) = ($"the teacher '{text}'", File.ReadAllBytes(text));
        if (bytes.AsSpan().StartsWith("PK"u8))
        {
            var package = ModelFile.Read(text);
            var main = package.Graphs[package.Manifest.Main.Name];
            return new(name, package, main, Digest(main));
        }

        try
        {
            _ = OnnxReader.Parse(bytes);
        }
        catch (ModelFormatException e)
        {
            throw new ModelFormatException(
                $"The teacher '{text}' is neither a model .zip nor an ONNX model, or it is damaged: {e.Message}", e);
        }

        return new(name, null, bytes, Digest(bytes));
    }

    private bool IsDigest => text.StartsWith(MemoryPrefix, StringComparison.Ordinal);

    private static Teacher InMemory(ModelPackage? package, byte[] onnx)
    {
        var digest = Digest(onnx);
        return new(MemoryPrefix + digest, new("the teacher", package, onnx, digest));
    }

    private static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}

/// <summary>A teacher as it was read.</summary>
/// <param name="Name">Its name in messages, such as <c>the teacher 'teacher.zip'</c>.</param>
/// <param name="Package">The model; <see langword="null"/> for an <c>.onnx</c>.</param>
/// <param name="Onnx">The graph that scores.</param>
/// <param name="Digest">The SHA-256 of that graph.</param>
internal sealed record TeacherContent(string Name, ModelPackage? Package, byte[] Onnx, string Digest)
{
    /// <summary>The name at the beginning of a sentence.</summary>
    public string Subject => $"T{Name[1..]}";
}

/// <summary>A teacher as text: a path.</summary>
internal sealed class TeacherJson() : TextJson<Teacher>("the path of a model .zip or of an .onnx")
{
    protected override Teacher Parse(string text) => Teacher.At(text);
}
