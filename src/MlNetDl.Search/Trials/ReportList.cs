using System.Collections;

namespace MlNetDl.Search;

/// <summary>Reports in order of step, immutable. Adding at the end shares the memory, so that a trial of n steps costs
/// n and not n².</summary>
internal sealed class ReportList : IReadOnlyList<Report>
{
    private readonly Shared shared;

    private ReportList(Shared shared, int count) => (this.shared, Count) = (shared, count);

    public static ReportList Empty { get; } = new(new([], 0), 0);

    public int Count { get; }

    public Report this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return shared.Items[index];
        }
    }

    /// <summary>Whether there is a report of a step; mostly asked for steps at the end.</summary>
    public bool Has(long step)
    {
        int at = Count;
        while (at > 0 && shared.Items[at - 1].Step > step)
        {
            at--;
        }

        return at > 0 && shared.Items[at - 1].Step == step;
    }

    public ReportList Add(Report report)
    {
        int at = Count;
        while (at > 0 && shared.Items[at - 1].Step > report.Step)
        {
            at--;
        }

        lock (shared)
        {
            if (at == Count && shared.Used == Count && Count < shared.Items.Length)
            {
                shared.Items[Count] = report;
                shared.Used++;
                return new(shared, Count + 1);
            }
        }

        var items = new Report[Math.Max(4, (Count + 1) * 2)];
        Array.Copy(shared.Items, items, at);
        items[at] = report;
        Array.Copy(shared.Items, at, items, at + 1, Count - at);
        return new(new(items, Count + 1), Count + 1);
    }

    public IEnumerator<Report> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
        {
            yield return shared.Items[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private sealed class Shared(Report[] items, int used)
    {
        public Report[] Items => items;

        public int Used { get; set; } = used;
    }
}
