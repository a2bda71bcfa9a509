using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlNetDl.MlNet;
using MlNetDl.MlNet.Internals;
using MlNetDl.Onnx;

[assembly: LoadableClass(typeof(NeuralNetworkTransformer), typeof(TransformerStorage), null, typeof(SignatureLoadModel), "Neural network", TransformerStorage.LoaderSignature)]

namespace MlNetDl.MlNet.Internals;

/// <summary>Writes a transformer into ML.NET's <c>.zip</c> and reads it back; ML.NET finds this type by its signature, no registration is needed.</summary>
internal static class TransformerStorage
{
    public const string LoaderSignature = "MlNetDlNeuralNetwork";
    private const string Entry = "Model";

    // A file may not make a host take more than a gigabyte for a batch.
    private const long MostFloats = 1L << 28;

    private static VersionInfo Version => new(modelSignature: "MLDLNET ", verWrittenCur: 0x00010001, verReadableCur: 0x00010001, verWeCanReadBack: 0x00010001,
        loaderAssemblyName: typeof(NeuralNetworkTransformer).Assembly.GetName().Name, loaderSignature: LoaderSignature);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Save(ModelSaveContext context, ModelPackage package, ScoringOptions options)
    {
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
        long most = MostFloats / (package.Manifest.Input.ElementsPerExample() + package.Manifest.Outputs);
        return new(environment, package, new() { BatchSize = (int)Math.Clamp(batchSize, 1, Math.Max(1, most)), Threads = threads == 0 ? null : threads });
    }

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
