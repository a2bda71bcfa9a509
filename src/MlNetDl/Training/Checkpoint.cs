using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using MlNetDl.Files;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Training;

/// <summary>Where a training stands, apart from its tensors.</summary>
internal sealed record CheckpointState
{
    public required string Fingerprint { get; init; }

    public int Epoch { get; init; }

    public int Batch { get; init; }

    public long[] OptimizerSteps { get; init; } = [];

    public double[] RunningSums { get; init; } = [];

    public List<EpochReport> History { get; init; } = [];

    public int BestEpoch { get; init; }

    public double BestValue { get; init; }

    public bool StoppedEarly { get; init; }

    public double Seconds { get; init; }

    public long Examples { get; init; }

    public List<StoredTensor> Tensors { get; init; } = [];
}

/// <summary>A tensor that follows in the file.</summary>
internal sealed record StoredTensor(string Name, string Type, long[] Dims);

/// <summary>A checkpoint file: magic, length and JSON of the state, the tensors' bytes in order, and a CRC-32 of all before it. Written whole or not at all.</summary>
internal static class Checkpoint
{
    private static readonly byte[] Magic = "MLDLCKP1"u8.ToArray();

    public static void Write(string path, CheckpointState state, IReadOnlyList<(string Name, Tensor Tensor)> tensors)
    {
        using var scope = NewDisposeScope();
        var cpu = tensors.Select(t => (t.Name, Tensor: t.Tensor.detach().cpu().contiguous())).ToList();
        state = state with { Tensors = [.. cpu.Select(t => new StoredTensor(t.Name, t.Tensor.dtype.ToString(), t.Tensor.shape))] };
        AtomicFile.Write(path, stream =>
        {
            var crc = new Crc32();
            var json = JsonSerializer.SerializeToUtf8Bytes(state, CheckpointJson.Default.CheckpointState);
            Put(Magic);
            Span<byte> length = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(length, json.Length);
            Put(length);
            Put(json);
            foreach (var (_, tensor) in cpu)
            {
                Put(tensor.bytes);
            }

            stream.Write(crc.GetCurrentHash());

            void Put(ReadOnlySpan<byte> bytes)
            {
                crc.Append(bytes);
                stream.Write(bytes);
            }
        });
    }

    /// <summary>Reads a checkpoint and copies its tensors into <paramref name="targets"/>; nothing is changed unless all of it fits.</summary>
    public static CheckpointState Read(string path, string fingerprint, Func<CheckpointState, IReadOnlyList<(string Name, Tensor Tensor)>> targets)
    {
        var bytes = File.ReadAllBytes(path);
        int header = Magic.Length + 4;
        if (bytes.Length < header + 4 || !bytes.AsSpan(0, Magic.Length).SequenceEqual(Magic)
            || !Crc32.Hash(bytes.AsSpan(0, bytes.Length - 4)).AsSpan().SequenceEqual(bytes.AsSpan(bytes.Length - 4)))
        {
            throw new InvalidDataException($"'{path}' is not a checkpoint, or is damaged; delete it to start training anew.");
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(Magic.Length));
        var state = JsonSerializer.Deserialize(bytes.AsSpan(header, length), CheckpointJson.Default.CheckpointState)!;
        if (state.Fingerprint != fingerprint)
        {
            throw new InvalidDataException($"The checkpoint '{path}' is of another training (its network, options or data differ); use another folder, or delete it to start anew.");
        }

        using var none = no_grad();
        using var scope = NewDisposeScope();
        int position = header + length;
        foreach (var (stored, target) in state.Tensors.Zip(targets(state)))
        {
            if (stored.Name != target.Name || !stored.Dims.AsSpan().SequenceEqual(target.Tensor.shape))
            {
                throw new InvalidDataException($"The checkpoint '{path}' holds '{stored.Name}' where '{target.Name}' is expected; delete it to start training anew.");
            }

            using var source = empty_like(target.Tensor, device: CPU);
            int size = source.bytes.Length;
            bytes.AsSpan(position, size).CopyTo(source.bytes);
            target.Tensor.copy_(source);
            position += size;
        }

        return state;
    }
}

[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(CheckpointState))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
