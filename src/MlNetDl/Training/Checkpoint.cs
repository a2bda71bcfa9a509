using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text.Json;
using MlNetDl.Files;
using static TorchSharp.torch;

namespace MlNetDl.Training;

/// <summary>A checkpoint file: magic, length and JSON of the state, the tensors' bytes in order, and a CRC-32 of all
/// before it. It is written whole or not at all.</summary>
internal sealed class Checkpoint : IDisposable
{
    private const int HeaderSize = 12, HashSize = 4;
    private static readonly byte[] Magic = "MLDLCKP3"u8.ToArray();
    private readonly FileStream file;

    private Checkpoint(FileStream file, CheckpointState state) => (this.file, State) = (file, state);

    public CheckpointState State { get; }

    public static void Write(string path, CheckpointState state, IReadOnlyList<(string Name, Tensor Tensor)> tensors)
    {
        state = state with { Tensors = [.. tensors.Select(t => Stored(t.Name, t.Tensor))] };
        AtomicFile.Write(path, stream =>
        {
            var crc = new Crc32();
            var json = JsonSerializer.SerializeToUtf8Bytes(state, CheckpointJson.Default.CheckpointState);
            Span<byte> length = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(length, json.Length);
            Put(Magic);
            Put(length);
            Put(json);
            foreach (var (_, tensor) in tensors)
            {
                using var scope = NewDisposeScope();
                Put(tensor.detach().cpu().contiguous().bytes);
            }

            stream.Write(crc.GetCurrentHash());

            void Put(ReadOnlySpan<byte> bytes)
            {
                crc.Append(bytes);
                stream.Write(bytes);
            }
        });
    }

    /// <summary>Finds out before the training whether a checkpoint can be written to a path. It makes the folder, and a
    /// file that it deletes at once.</summary>
    /// <exception cref="IOException">A checkpoint cannot be written there.</exception>
    public static void CheckWritable(string path)
    {
        try
        {
            var full = Path.GetFullPath(path);
            if (Directory.Exists(full))
            {
                throw new IOException("it is a folder.");
            }

            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            // The file is made as the checkpoint itself will be, and deleted at once.
            var probe = TemporaryFile.For(full);
            TemporaryFile.Create(probe).Dispose();
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new IOException(
                $"The checkpoint '{path}' cannot be written: {e.Message} Name a file in a "
                    + "folder that can be written to.",
                e);
        }
    }

    /// <summary>The fingerprint of a checkpoint; <see langword="null"/> where there is no readable one.</summary>
    public static string? FingerprintOf(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using var file = File.OpenRead(path);
        return ReadState(file)?.Fingerprint;
    }

    /// <summary>A digest of all that a checkpoint holds.</summary>
    public static string DigestOf(string path)
    {
        using var file = File.OpenRead(path);
        var hash = new XxHash128();
        hash.Append(file);
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    /// <summary>Opens a checkpoint and checks all of it. Copying its tensors then cannot stop half-way.</summary>
    /// <param name="path">The file.</param>
    /// <param name="fingerprint">The training that it must be of; <see langword="null"/> where any is right.</param>
    /// <exception cref="InvalidDataException">The file is damaged, no checkpoint, or one of another
    /// training.</exception>
    public static Checkpoint Open(string path, string? fingerprint = null)
    {
        var file = File.OpenRead(path);
        try
        {
            var state = ReadState(file)
                ?? throw new InvalidDataException(
                    $"'{path}' is not a checkpoint of this version, or is damaged; delete it to start training anew.");
            if (fingerprint is not null && state.Fingerprint != fingerprint)
            {
                throw new InvalidDataException($"The checkpoint '{path}' is of another training (its network, options "
                    + "or data differ); use another folder, or delete it to start anew.");
            }

            return new(file, state);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether the first tensors are those of <paramref name="targets"/>.</summary>
    public bool BeginsWith(IReadOnlyList<(string Name, Tensor Tensor)> targets) => Misfit(Expected(targets), targets.Count) < 0;

    /// <summary>Copies the tensors into <paramref name="targets"/>; none is changed unless all fit.</summary>
    /// <param name="targets">The tensors, in the checkpoint's order.</param>
    /// <param name="advice">What to do where they do not fit.</param>
    /// <param name="isAll">Whether the checkpoint holds no others behind them.</param>
    /// <exception cref="InvalidDataException">The checkpoint holds other tensors.</exception>
    public void CopyTo(
        IReadOnlyList<(string Name, Tensor Tensor)> targets, string advice = "delete it to start training anew", bool isAll = true)
    {
        var expected = Expected(targets);
        int misfit = Misfit(expected, isAll ? Math.Max(expected.Count, State.Tensors.Count) : expected.Count);
        long left = file.Length - HashSize - file.Position - targets.Sum(t => t.Tensor.numel() * t.Tensor.element_size());
        if (misfit >= 0 || left < 0 || (isAll && left > 0))
        {
            throw new InvalidDataException(
                $"The checkpoint '{file.Name}' holds {Text(State.Tensors.ElementAtOrDefault(misfit))} where "
                    + $"{Text(expected.ElementAtOrDefault(misfit))} is expected; {advice}.");
        }

        using var none = no_grad();
        foreach (var (_, target) in targets)
        {
            using var staged = empty(target.shape, target.dtype, CPU);
            file.ReadExactly(staged.bytes);
            target.copy_(staged);
        }
    }

    public void Dispose() => file.Dispose();

    // Afterwards the file stands at its first tensor.
    private static CheckpointState? ReadState(FileStream file)
    {
        if (file.Length < HeaderSize + HashSize)
        {
            return null;
        }

        Span<byte> header = stackalloc byte[HeaderSize];
        file.ReadExactly(header);
        int length = BinaryPrimitives.ReadInt32LittleEndian(header[Magic.Length..]);
        if (!header.StartsWith(Magic) || length < 0 || length > file.Length - HeaderSize - HashSize || !IsWhole(file))
        {
            return null;
        }

        file.Position = HeaderSize;
        var json = new byte[length];
        file.ReadExactly(json);
        try
        {
            return JsonSerializer.Deserialize(json, CheckpointJson.Default.CheckpointState);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsWhole(FileStream file)
    {
        var crc = new Crc32();
        var buffer = new byte[1 << 16];
        file.Position = 0;
        for (long left = file.Length - HashSize; left > 0;)
        {
            int read = file.Read(buffer, 0, (int)Math.Min(buffer.Length, left));
            crc.Append(buffer.AsSpan(0, read));
            left -= read;
        }

        Span<byte> stored = stackalloc byte[HashSize];
        file.ReadExactly(stored);
        return stored.SequenceEqual(crc.GetCurrentHash());
    }

    private int Misfit(IReadOnlyList<StoredTensor> expected, int count) => Enumerable.Range(0, count)
        .FirstOrDefault(i => !Same(expected.ElementAtOrDefault(i), State.Tensors.ElementAtOrDefault(i)), -1);

    private static List<StoredTensor> Expected(IReadOnlyList<(string Name, Tensor Tensor)> targets) =>
        [.. targets.Select(t => Stored(t.Name, t.Tensor))];

    private static StoredTensor Stored(string name, Tensor tensor) => new(name, tensor.dtype.ToString(), tensor.shape);

    private static bool Same(StoredTensor? a, StoredTensor? b) =>
        a is not null && b is not null && a.Name == b.Name && a.Type == b.Type && a.Dims.AsSpan().SequenceEqual(b.Dims);

    private static string Text(StoredTensor? tensor) =>
        tensor is null ? "nothing" : $"'{tensor.Name}' {tensor.Type}[{string.Join(", ", tensor.Dims)}]";
}
