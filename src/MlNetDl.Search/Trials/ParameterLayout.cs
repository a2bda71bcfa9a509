using System.Collections;
using System.Diagnostics.CodeAnalysis;
using MlNetDl.Search.Distributions;

namespace MlNetDl.Search;

/// <summary>Names and distributions in order of suggestion. Trials with the same parameters share one, so that a trial
/// costs its numbers only.</summary>
internal sealed class ParameterLayout : IReadOnlyDictionary<string, Distribution>
{
    private readonly KeyValuePair<string, Distribution>[] items;
    private readonly Dictionary<string, int> index;
    private readonly Dictionary<(string, Distribution), ParameterLayout> longer = [];

    public ParameterLayout()
        : this([])
    {
    }

    private ParameterLayout(KeyValuePair<string, Distribution>[] items)
    {
        this.items = items;
        index = new(items.Length);
        for (int i = 0; i < items.Length; i++)
        {
            index.Add(items[i].Key, i);
        }
    }

    public int Count => items.Length;

    public IEnumerable<string> Keys => items.Select(i => i.Key);

    public IEnumerable<Distribution> Values => items.Select(i => i.Value);

    public Distribution this[string key] => items[index[key]].Value;

    public int IndexOf(string name) => index.GetValueOrDefault(name, -1);

    public string NameAt(int position) => items[position].Key;

    /// <summary>The layout with one more parameter: the same object for the same parameter.</summary>
    public ParameterLayout Then(string name, Distribution distribution)
    {
        lock (longer)
        {
            if (!longer.TryGetValue((name, distribution), out var next))
            {
                longer.Add((name, distribution), next = new([.. items, KeyValuePair.Create(name, distribution)]));
            }

            return next;
        }
    }

    public bool ContainsKey(string key) => index.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Distribution value)
    {
        int at = IndexOf(key);
        value = at < 0 ? null : items[at].Value;
        return at >= 0;
    }

    public IEnumerator<KeyValuePair<string, Distribution>> GetEnumerator() => items.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>A trial's numbers by name: a layout and an array.</summary>
internal sealed class ParameterNumbers(ParameterLayout layout, double[] numbers) : IReadOnlyDictionary<string, double>
{
    public ParameterLayout Layout => layout;

    public int Count => numbers.Length;

    public IEnumerable<string> Keys => layout.Keys;

    public IEnumerable<double> Values => numbers;

    public double this[string key]
    {
        get
        {
            if (!TryGetValue(key, out double number))
            {
                throw new KeyNotFoundException($"the trial has no parameter '{key}'.");
            }

            return number;
        }
    }

    public ParameterNumbers Then(string name, Distribution distribution, double number) =>
        new(layout.Then(name, distribution), [.. numbers, number]);

    public bool ContainsKey(string key) => layout.ContainsKey(key);

    public bool TryGetValue(string key, out double value)
    {
        int at = layout.IndexOf(key);
        value = at < 0 ? 0 : numbers[at];
        return at >= 0;
    }

    public IEnumerator<KeyValuePair<string, double>> GetEnumerator()
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            yield return new(layout.NameAt(i), numbers[i]);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
