using System.Collections.Concurrent;
using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.ExceptionServices;

namespace MlNetDl.Data;

/// <summary>Some images of a store, as the rows of a set.</summary>
/// <param name="store">The store.</param>
/// <param name="images">Their numbers in it.</param>
internal sealed class StoredImages(ImageStore store, int[] images)
{
    // Two batches are decoded while a third one is trained with.
    private const int BatchesAhead = 2;

    // Images that are decoded side by side for a reader who takes them one after the other.
    private static readonly int WindowLength = Math.Max(8, 2 * Environment.ProcessorCount);

    private readonly Lock reading = new();
    private byte[] window = [];
    private (int Start, int Count) seen;
    private int last = -1;

    /// <summary>How many there are.</summary>
    public int Count => images.Length;

    /// <summary>How many of them are held in memory.</summary>
    public int Held => images.Count(i => store.Held(i) is not null);

    /// <summary>Where the pixels are from.</summary>
    public ImageStore Store => store;

    /// <summary>Images that can be decoded side by side: their pixels are held in one array.</summary>
    internal int MostAtOnce => Array.MaxLength / Math.Max(1, store.Width);

    /// <summary>Some of them.</summary>
    public StoredImages Where(IReadOnlyList<int> rows) => new(store, [.. rows.Select(r => images[r])]);

    /// <summary>Copies images as floats, as <see cref="Examples.CopyTo"/> does.</summary>
    public void CopyTo(int start, int count, Span<float> target)
    {
        for (int row = start; row < start + count; row++)
        {
            if (store.Held(images[row]) is { } held)
            {
                TensorPrimitives.ConvertChecked<byte, float>(held, target);
            }
            else
            {
                Decode(row, target);
            }

            target = target[store.Width..];
        }
    }

    /// <summary>Refuses batches that no array can hold.</summary>
    /// <exception cref="ArgumentException">Batches are too large.</exception>
    public void CheckBatches(int batchSize)
    {
        if (Math.Min(batchSize, Count) > MostAtOnce)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"A batch of {Math.Min(batchSize, Count)} images of {store.Width:N0} bytes "
                + $"each is larger than an array can be; let training.batchSize be {MostAtOnce} at most, or take smaller images."));
        }
    }

    /// <summary>The pixels of groups of rows, one image after the other. The groups to come are decoded meanwhile, several images at a time. An array is
    /// filled anew once the next one is asked for.</summary>
    /// <exception cref="Images.ImageFormatException">A file cannot be read any more.</exception>
    public IEnumerable<byte[]> Ahead(IEnumerable<int[]> groups)
    {
        var begun = new Queue<Task<byte[]>>();
        var free = new ConcurrentBag<byte[]>();
        using var stop = new CancellationTokenSource();
        try
        {
            foreach (var rows in groups)
            {
                begun.Enqueue(Task.Run(() => Joined(rows, free, stop.Token)));
                if (begun.Count > BatchesAhead)
                {
                    var pixels = begun.Dequeue().GetAwaiter().GetResult();
                    yield return pixels;
                    free.Add(pixels);
                }
            }

            while (begun.TryDequeue(out var last))
            {
                yield return last.GetAwaiter().GetResult();
            }
        }
        finally
        {
            // Whoever stops early waits for what was begun, so that nothing reads files behind the end.
            stop.Cancel();
            Task.WhenAll(begun).ContinueWith(t => t.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).Wait();
        }
    }

    // Arrays of this size are better used again than left to the collector.
    private byte[] Joined(int[] rows, ConcurrentBag<byte[]> free, CancellationToken stop)
    {
        int length = checked(rows.Length * store.Width);
        var joined = free.TryTake(out var used) && used.Length == length ? used : new byte[length];
        InParallel(rows.Length, i => store.CopyTo(images[rows[i]], Place(joined, i)), stop);
        return joined;
    }

    private void Decode(int row, Span<float> target)
    {
        lock (reading)
        {
            if (row < seen.Start || row >= seen.Start + seen.Count)
            {
                // One that is asked for by itself is decoded by itself.
                int count = row == last + 1 ? Math.Min(Math.Min(WindowLength, MostAtOnce), Count - row) : 1;
                seen = default;
                window = window.Length < count * store.Width ? new byte[count * store.Width] : window;
                InParallel(count, i => store.CopyTo(images[row + i], Place(window, i)), CancellationToken.None);
                seen = (row, count);
            }

            last = row;
            TensorPrimitives.ConvertChecked<byte, float>(Place(window, row - seen.Start).Span, target);
        }
    }

    private Memory<byte> Place(byte[] pixels, int index) => pixels.AsMemory(index * store.Width, store.Width);

    // One file that cannot be read is told as itself, and not as one of several errors.
    private static void InParallel(int count, Action<int> read, CancellationToken stop)
    {
        try
        {
            Parallel.For(0, count, new ParallelOptions { CancellationToken = stop }, read);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }
}
