using System.Collections;

namespace MlNetDl.Experiments.Search;

/// <summary>A list that one thread appends to while others read: who enumerates sees what was there when they began.</summary>
internal sealed class AppendList<T> : IReadOnlyList<T>
{
    private volatile T[] items = new T[16];
    private volatile int count;

    public int Count => count;

    public T this[int index] => index < count ? items[index] : throw new ArgumentOutOfRangeException(nameof(index));

    public void Add(T item)
    {
        if (count == items.Length)
        {
            var larger = items;
            Array.Resize(ref larger, count * 2);
            items = larger;
        }

        items[count] = item;
        count++;
    }

    public void Replace(int index, T item) => items[index] = item;

    public IEnumerator<T> GetEnumerator()
    {
        int until = count;
        for (int i = 0; i < until; i++)
        {
            yield return items[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
