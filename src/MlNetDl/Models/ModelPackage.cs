using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using MlNetDl.Analysis;
using MlNetDl.Files;
using MlNetDl.Networks;
using MlNetDl.Onnx;

namespace MlNetDl.Models;

/// <summary>A saved model: a manifest, one or more ONNX graphs, assets, and what only training needs. One stream; a zip
/// without compression inside.</summary>
/// <remarks>
/// It is data: reading it executes nothing, opens no other file and allocates no more than the stream holds (of sparse
/// weights 32 times as much, of clustered ones 256 times). Its table of contents gives the SHA-256 of every entry, and the
/// zip's comment that of the table, so that damage anywhere is noticed. Weights that are not in the scoring graph
/// (auxiliary heads) are kept apart, so that the trainable network can be rebuilt.
/// </remarks>
public sealed class ModelPackage
{
    /// <summary>Name of the graph of a one-graph model.</summary>
    public const string MainGraph = NetworkSpec.GraphName;

    /// <summary>Name of the network of a model of one network.</summary>
    public const string MainNetwork = NetworkSpec.NetworkName;

    private const string ContentsEntry = "contents.json";
    private const string ManifestEntry = "manifest.json";
    private const string GraphFolder = "graphs/";
    private const string AssetFolder = "assets/";
    private const string WeightFolder = "weights/";
    private const string SharedFolder = "shared/";
    private const string SparseFolder = "sparse/";
    private const string CodedFolder = "coded/";
    private const string LevelFolder = "levels/";
    private const char OfNetwork = '@';

    /// <summary>Description of the package.</summary>
    public required ModelManifest Manifest { get; init; }

    /// <summary>The ONNX graphs by name.</summary>
    public required IReadOnlyDictionary<string, byte[]> Graphs { get; init; }

    /// <summary>Other data by name: vocabularies, anchors, calibration.</summary>
    public IReadOnlyDictionary<string, byte[]> Assets { get; init; } = new Dictionary<string, byte[]>();

    /// <summary>Weights that only training needs; the others are the graph's initializers.</summary>
    public Weights TrainingWeights { get; init; } = new([]);

    /// <summary>The same model with another description.</summary>
    /// <param name="manifest">The description; its graphs have the same names.</param>
    internal ModelPackage With(ModelManifest manifest) => new()
    {
        Manifest = manifest,
        Graphs = Graphs,
        Assets = Assets,
        TrainingWeights = TrainingWeights,
    };

    /// <summary>All weights: those of the graphs, each once however many graphs share it, and those that only training
    /// needs, which win where a graph has another form of them.</summary>
    /// <exception cref="ModelFormatException">A graph cannot be read, or two have different weights of one name: ask for those of a network.</exception>
    public Weights ReadWeights() => ReadWeights(Graphs);

    private Weights ReadWeights(IEnumerable<KeyValuePair<string, byte[]>> graphs)
    {
        var weights = new Dictionary<string, WeightArray>();
        foreach (var (name, graph) in graphs)
        {
            foreach (var weight in OnnxReader.ReadWeights(graph).Where(w => !TrainingWeights.Contains(w.Name)))
            {
                if (!weights.TryAdd(weight.Name, weight) && !weights[weight.Name].Data.AsSpan().SequenceEqual(weight.Data))
                {
                    throw new ModelFormatException($"Graph '{name}' of the model has another weight '{weight.Name}' than a graph before "
                        + $"it; graphs share weights by name.");
                }
            }
        }

        return new(weights.Values.Concat(TrainingWeights));
    }

    /// <summary>The weights of one network of the model, and those of others that no graph tells
    /// apart from them.</summary>
    /// <exception cref="ModelFormatException">A graph cannot be read, or two graphs have different weights
    /// of one name.</exception>
    public Weights ReadWeights(string network)
    {
        var own = TrainingWeights.Where(w => w.Name.StartsWith($"{network}{OfNetwork}", StringComparison.Ordinal))
            .ToDictionary(w => w.Name[(network.Length + 1)..]);
        var graphs = Manifest.Graphs.Where(g => g.WeightsOf is null || g.WeightsOf == network)
            .Select(g => KeyValuePair.Create(g.Name, Graphs[g.Name]));
        return new(ReadWeights(graphs).Where(w => !w.Name.Contains(OfNetwork, StringComparison.Ordinal) && !own.ContainsKey(w.Name))
            .Concat(own.Select(w => w.Value with { Name = w.Key })));
    }

    /// <summary>The name under which a weight that no graph has is kept. In a model of several networks, the network's
    /// name stands before it.</summary>
    internal static string TrainingName(string network, string weight, int networks) =>
        networks == 1 ? weight : $"{network}{OfNetwork}{weight}";

    /// <summary>A graph as a plain <c>.onnx</c>, with the manifest in its metadata.</summary>
    /// <param name="graph">The graph's name; <see langword="null"/> for the first of the manifest.</param>
    /// <exception cref="ArgumentException">There is no such graph.</exception>
    public byte[] ToOnnx(string? graph = null)
    {
        var signature = graph is null ? Manifest.Main : Manifest.Graph(graph);
        return OnnxReader.WithMetadata(Graphs[signature.Name], Manifest.ToMetadata(signature));
    }

    /// <summary>Writes the package.</summary>
    /// <exception cref="InvalidOperationException">Its manifest contradicts itself, so that it could not be read again;
    /// nothing was written.</exception>
    public void Write(Stream stream)
    {
        if ((ManifestProblem.Of(Manifest) ?? Missing()) is { } problem)
        {
            throw new InvalidOperationException($"The model package cannot be written: its manifest claims {problem}, "
                + "and reading would refuse that. Correct the manifest.");
        }

        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        var contents = new Dictionary<string, string>();
        var (whole, shared) = SharedWeights.Split(Graphs);
        var (graphs, sparse, coded, levels) = PackedWeights.Of(whole, (Manifest.Clustered ?? []).ToHashSet());
        int format = coded.Count + levels.Count > 0 ? ModelManifest.CodedFormat : sparse.Count > 0 ? ModelManifest.SparseFormat : ModelManifest.PlainFormat;
        Add(ManifestEntry, (Manifest with { Format = Math.Max(Manifest.Format, format) }).ToJson());
        foreach (var (name, bytes) in graphs)
        {
            Add(GraphFolder + name, bytes);
        }

        foreach (var (name, bytes) in shared)
        {
            Add(SharedFolder + name, bytes);
        }

        foreach (var (name, bytes) in sparse)
        {
            Add(SparseFolder + name, bytes);
        }

        foreach (var (name, bytes) in coded)
        {
            Add(CodedFolder + name, bytes);
        }

        foreach (var (name, bytes) in levels)
        {
            Add(LevelFolder + name, bytes);
        }

        foreach (var (name, bytes) in Assets)
        {
            Add(AssetFolder + name, bytes);
        }

        foreach (var weight in TrainingWeights)
        {
            Add($"{WeightFolder}{string.Join('x', weight.Dims)}/{weight.Name}", MemoryMarshal.AsBytes<float>(weight.Data));
        }

        var table = JsonSerializer.SerializeToUtf8Bytes(contents, ManifestJson.Default.DictionaryStringString);
        Add(ContentsEntry, table);
        zip.Comment = Hash(table);

        void Add(string name, ReadOnlySpan<byte> bytes)
        {
            contents.Add(name, Hash(bytes));
            var entry = zip.CreateEntry(name, CompressionLevel.NoCompression);
            entry.LastWriteTime = ZipDates.Fixed;
            using var content = entry.Open();
            content.Write(bytes);
        }
    }

    /// <summary>The package as bytes.</summary>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        Write(stream);
        return stream.ToArray();
    }

    /// <summary>Reads a package.</summary>
    /// <exception cref="ModelFormatException">The bytes are not a package, are damaged, or are of a newer
    /// format.</exception>
    public static ModelPackage Read(byte[] bytes)
    {
        try
        {
            var entries = Entries(bytes);
            var manifest = ModelManifest.FromJson(entries.GetValueOrDefault(ManifestEntry)
                ?? throw new ModelFormatException("Expected a model package but it has no manifest."));
            if (manifest.Format is < 1 or > ModelManifest.CurrentFormat)
            {
                throw new ModelFormatException($"The model has format {manifest.Format}; this library reads up to "
                    + $"{ModelManifest.CurrentFormat}. Use MlNetDl {manifest.LibraryVersion} or newer.");
            }

            manifest.Check();
            var packed = new PackedWeights(Below(entries, GraphFolder), Below(entries, SparseFolder), Below(entries, CodedFolder), Below(entries, LevelFolder));
            var package = new ModelPackage
            {
                Manifest = manifest,
                Graphs = SharedWeights.Join(packed.Join(), Below(entries, SharedFolder)),
                Assets = Below(entries, AssetFolder),
                TrainingWeights = new(Below(entries, WeightFolder).Select(w => Weight(w.Key, w.Value))),
            };
            if (package.Missing() is { } missing)
            {
                throw new ModelFormatException($"The model package claims {missing}.");
            }

            return package;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or JsonException
            or ArgumentException or FormatException or OverflowException or NotSupportedException
            or InvalidOperationException)
        {
            throw new ModelFormatException($"The model package is damaged: {e.Message}", e);
        }
    }

    private string? Missing()
    {
        var names = Manifest.Graphs.Select(g => g.Name).ToHashSet();
        return names.SetEquals(Graphs.Keys) ? null
            : $"the graphs {string.Join(", ", names)}, but has {(Graphs.Count == 0 ? "none" : string.Join(", ", Graphs.Keys))}";
    }

    private static Dictionary<string, byte[]> Below(Dictionary<string, byte[]> entries, string folder) =>
        entries.Where(e => e.Key.StartsWith(folder, StringComparison.Ordinal)).ToDictionary(e => e.Key[folder.Length..], e => e.Value);

    private static Dictionary<string, byte[]> Entries(byte[] package)
    {
        using var zip = new ZipArchive(new MemoryStream(package, writable: false), ZipArchiveMode.Read);
        // Entries are stored, so together they are no longer than the package; one that claims more (a compression
        // bomb, overlapping entries) is refused before anything is allocated.
        if (zip.Entries.FirstOrDefault(e => e.Length != e.CompressedLength) is { } compressed)
        {
            throw new InvalidDataException($"entry '{compressed.FullName}' is compressed.");
        }

        if (zip.Entries.Sum(e => (decimal)e.Length) > package.Length)
        {
            throw new InvalidDataException($"its entries claim more than the {package.Length} bytes that are there.");
        }

        var entries = zip.Entries.ToDictionary(e => e.FullName, Content);
        if (!entries.Remove(ContentsEntry, out var json))
        {
            throw new ModelFormatException("Expected a model package but it has no table of contents.");
        }

        // Inside a compressed file one flipped bit can change a name here and in the zip's directory alike; the table
        // has a checksum of its own.
        if (zip.Comment != Hash(json))
        {
            throw new InvalidDataException("its table of contents was changed.");
        }

        var contents = JsonSerializer.Deserialize(json, ManifestJson.Default.DictionaryStringString) ?? [];
        var wrong = entries.Keys.Union(contents.Keys).FirstOrDefault(n =>
            !entries.TryGetValue(n, out var bytes) || contents.GetValueOrDefault(n) != Hash(bytes));
        if (wrong is not null)
        {
            throw new InvalidDataException($"entry '{wrong}' is missing or was changed.");
        }

        return entries;
    }

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static byte[] Content(ZipArchiveEntry entry)
    {
        var content = new byte[entry.Length];
        using var stream = entry.Open();
        stream.ReadExactly(content);
        return content;
    }

    private static WeightArray Weight(string name, byte[] bytes)
    {
        // "64x3x3x3/path.parameter"; a scalar has no dimensions.
        int slash = name.IndexOf('/', StringComparison.Ordinal);
        var dims = name[..slash].Split('x', StringSplitOptions.RemoveEmptyEntries)
            .Select(d => long.Parse(d, NumberStyles.None, CultureInfo.InvariantCulture)).ToList();
        return WeightBytes.Read(name[(slash + 1)..], dims, bytes);
    }
}
