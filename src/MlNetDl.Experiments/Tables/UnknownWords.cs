using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetDl.Experiments;

/// <summary>Values that a model does not know: how many, and the first of them. One-hot encoding has no place for such
/// a word. The row scores as if it had none, without a message.</summary>
internal sealed class UnknownWords
{
    private const int ExamplesKept = 3;
    private readonly List<string> examples = [];
    private long count;
    private bool more;

    /// <summary>How many, in words.</summary>
    public string Count => string.Create(CultureInfo.InvariantCulture, $"{count:N0} value{(count == 1 ? "" : "s")}");

    /// <summary>The first of them that differ.</summary>
    public string Examples => $"{string.Join(", ", examples.Select(w => $"'{w}'"))}{(more ? ", …" : "")}";

    /// <summary>Counts one.</summary>
    public void Add(string word)
    {
        count++;
        if (!examples.Contains(word))
        {
            more |= examples.Count == ExamplesKept;
            examples.AddRange(more ? [] : [word]);
        }
    }

    /// <summary>Finds them in columns of words, in one pass over the rows.</summary>
    /// <param name="rows">The rows as they are read.</param>
    /// <param name="known">The words by column; other columns are passed over. A value that is not there is
    /// no unknown word.</param>
    /// <returns>The columns that have some, in order.</returns>
    public static IReadOnlyList<(string Column, UnknownWords Words)> Find(
        IDataView rows, IReadOnlyDictionary<string, HashSet<string>> known)
    {
        var columns = rows.Schema.Where(c => c.Type is TextDataViewType && known.ContainsKey(c.Name)).ToList();
        var found = columns.ConvertAll(c => (Column: c.Name, Words: new UnknownWords()));
        if (columns.Count == 0)
        {
            return [];
        }

        using var cursor = rows.GetRowCursor(columns);
        var words = columns.ConvertAll(c => (
            Getter: cursor.GetGetter<ReadOnlyMemory<char>>(c),
            Known: known[c.Name].GetAlternateLookup<ReadOnlySpan<char>>()));
        ReadOnlyMemory<char> word = default;
        while (cursor.MoveNext())
        {
            for (int i = 0; i < words.Count; i++)
            {
                words[i].Getter(ref word);
                if (!word.IsEmpty && !words[i].Known.Contains(word.Span))
                {
                    found[i].Words.Add(word.ToString());
                }
            }
        }

        return [.. found.Where(f => f.Words.count > 0)];
    }
}
