using MlNetDl.Analysis;
using MlNetDl.Torch;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>Watches the values that are to be rounded while examples pass through a network.</summary>
internal sealed class RangeWatch : IForwardHook
{
    private readonly Dictionary<(string Path, int Index), string> places = [];
    private readonly Dictionary<string, Seen> seen = [];

    /// <param name="map">Which values are rounded.</param>
    public RangeWatch(QuantizedMap map)
    {
        var once = new HashSet<string>();
        foreach (var (place, key) in map.Roots.Where(r => once.Add(r.Value)))
        {
            places.Add(place, key);
            seen.Add(key, new());
        }
    }

    /// <summary>Whether values are counted into bins between the extremes that were seen before.</summary>
    public bool Counts { get; set; }

    /// <summary>What was seen, by key.</summary>
    public IReadOnlyDictionary<string, ValueHistogram> Histograms => seen.ToDictionary(s => s.Key, s => new ValueHistogram
    {
        Batches = [.. s.Value.Batches],
        Bins = [.. s.Value.Bins],
        Zeros = s.Value.Zeros,
    });

    /// <inheritdoc/>
    public Tensor Input(PlanStep step, int index, Tensor value)
    {
        // In a dynamic network a batch may have no row that gets here.
        if (places.TryGetValue((step.Path, index), out var key) && value.numel() > 0)
        {
            using var scope = NewDisposeScope();
            using var none = no_grad();
            var found = seen[key];
            if (Counts)
            {
                found.Count(value.cpu());
            }
            else
            {
                found.Batches.Add(new(value.min().cpu().item<float>(), value.max().cpu().item<float>()));
            }
        }

        return value;
    }

    /// <inheritdoc/>
    public Tensor Weight(PlanStep step, string parameter, Tensor stored) => stored;

    private sealed class Seen
    {
        public List<ValueRange> Batches { get; } = [];

        public long[] Bins { get; } = new long[ValueHistogram.BinCount];

        public long Zeros { get; private set; }

        public void Count(Tensor value)
        {
            var (least, greatest) = (Batches.Min(b => b.Least), Batches.Max(b => b.Greatest));
            var filled = value.masked_select(value.Ne(0));
            Zeros += value.numel() - filled.numel();
            if (filled.numel() == 0 || !(greatest > least))
            {
                return;
            }

            var places = filled.Sub(least).Mul(ValueHistogram.BinCount / (greatest - least)).to(ScalarType.Int64).Clamp(0, ValueHistogram.BinCount - 1);
            foreach (var (bin, count) in bincount(places, null, ValueHistogram.BinCount).data<long>().ToArray().Index())
            {
                Bins[bin] += count;
            }
        }
    }
}
