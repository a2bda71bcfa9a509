using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlNetDl.Files;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.MlNet.Internals;
using MlNetDl.Models;
using MlNetDl.Onnx;

[assembly: LoadableClass(
    typeof(NeuralNetworkTransformer),
    typeof(TransformerStorage),
    null,
    typeof(SignatureLoadModel),
    "Neural network",
    TransformerStorage.LoaderSignature)]

namespace MlNetDl.MlNet.Internals;

/// <summary>Writes a transformer into ML.NET's <c>.zip</c> and reads it back; ML.NET finds this type by its signature,
/// no registration is needed.</summary>
internal static class TransformerStorage
{
    public const string LoaderSignature = "MlNetDlNeuralNetwork";
    private const string Entry = "Model";
    private const string GraphEntry = "Graph";

    // A file may not make a host take more than a gigabyte for a batch.
    private const long MostFloats = 1L << 28;

    private static VersionInfo Version => new(
        modelSignature: "MLDLNET ",
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderAssemblyName: typeof(NeuralNetworkTransformer).Assembly.GetName().Name,
        loaderSignature: LoaderSignature);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Save(ModelSaveContext context, NeuralNetworkTransformer transformer)
    {
        var (package, options) = (transformer.Package, transformer.Options);
        context.CheckAtModel();
        context.SetVersionInfo(Version);
        context.Writer.Write(options.BatchSize);
        context.Writer.Write(options.Threads ?? 0);
        context.SaveBinaryStream(Entry, writer =>
        {
            var bytes = package.ToBytes();
            writer.Write(bytes.Length);
            writer.Write(bytes);
        });
        if (transformer.Graph.Name != package.Manifest.Main.Name)
        {
            context.SaveBinaryStream(GraphEntry, writer => writer.Write(transformer.Graph.Name));
        }
    }

    // Called by ML.NET through reflection: the way in for a host that only scores.
    private static NeuralNetworkTransformer Create(IHostEnvironment environment, ModelLoadContext context)
    {
        MlNetVersion.Check();
        return Load(environment, context);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static NeuralNetworkTransformer Load(IHostEnvironment environment, ModelLoadContext context)
    {
        context.CheckAtModel(Version);
        int batchSize = context.Reader.ReadInt32(), threads = context.Reader.ReadInt32();
        byte[]? bytes = null;
        bool found = context.TryLoadBinaryStream(Entry, reader => bytes = ReadBytes(reader));
        if (!found || bytes is null || batchSize is < 1 or > ScoringOptions.MaxBatchSize || threads < 0)
        {
            throw new ModelFormatException("The model .zip holds no neural network where one should be; it is damaged.");
        }

        var package = ModelPackage.Read(bytes);
        string? graph = null;
        context.TryLoadBinaryStream(GraphEntry, reader => graph = reader.ReadString());
        if (graph is not null && package.Manifest.Graphs.All(g => g.Name != graph))
        {
            throw new ModelFormatException($"The model .zip asks for a graph '{graph}' that it does not have; it is damaged.");
        }

        var signature = graph is null ? package.Manifest.Main : package.Manifest.Graph(graph);
        long most = MostFloats / Math.Max(1, signature.Inputs.Sum(i => Elements(i.Shape)) + signature.Outputs.Sum(o => Elements(o.Shape)));
        return new(
            environment,
            package,
            new()
            {
                BatchSize = (int)Math.Clamp(batchSize, 1, Math.Max(1, most)),
                Threads = threads == 0 ? null : threads,
            },
            graph);
    }

    private static long Elements(Shape shape) => shape.Dims.Skip(1).Aggregate(1L, (product, d) => product * (d.Size ?? 1));

    // The length is only a claim: memory grows with what is really there.
    private static byte[] ReadBytes(BinaryReader reader)
    {
        int length = reader.ReadInt32();
        using var bytes = new MemoryStream();
        var buffer = new byte[81_920];
        while (bytes.Length < length)
        {
            int read = reader.Read(buffer, 0, (int)Math.Min(buffer.Length, length - bytes.Length));
            if (read == 0)
            {
                throw new ModelFormatException($"The model .zip is cut off: {bytes.Length} of {length} bytes of the network are there.");
            }

            bytes.Write(buffer, 0, read);
        }

        return bytes.ToArray();
    }
}
