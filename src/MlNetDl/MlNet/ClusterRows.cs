using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetDl.MlNet;

/// <summary>The columns of a clustering, read into memory.</summary>
internal static class ClusterRows
{
    /// <summary>The features of rows, all finite, and how many rows were left out.</summary>
    /// <exception cref="ArgumentException">The column is absent or no vector of Single of known size.</exception>
    public static (List<float[]> Rows, long Skipped) Features(IDataView data, string name)
    {
        var rows = new List<float[]>();
        long skipped = 0;
        foreach (var row in All(data, name))
        {
            if (Array.TrueForAll(row, float.IsFinite))
            {
                rows.Add(row);
            }
            else
            {
                skipped++;
            }
        }

        return (rows, skipped);
    }

    /// <summary>Features, clusters and classes of the rows that have finite features and a cluster.</summary>
    /// <exception cref="ArgumentException">A column is absent or of another type.</exception>
    public static (List<float[]> Rows, List<int> Clusters, List<int>? Classes) Clustered(
        IDataView data, string features, string clusters, string? classes)
    {
        Column(data, clusters, t => t is KeyDataViewType, "a key, as clustering trainers leave it");
        var names = classes is null ? null : Names(data, classes).GetEnumerator();
        var numbers = new Dictionary<string, int>();
        var (rows, own, truth) = (new List<float[]>(), new List<int>(), new List<int>());
        foreach (var (row, cluster) in All(data, features).Zip(data.GetColumn<uint>(clusters)))
        {
            string? name = names is not null && names.MoveNext() ? names.Current : null;
            if (cluster == 0 || (names is not null && name is null) || !Array.TrueForAll(row, float.IsFinite))
            {
                continue;
            }

            rows.Add(row);
            own.Add((int)cluster - 1);
            if (name is not null)
            {
                numbers.TryAdd(name, numbers.Count);
                truth.Add(numbers[name]);
            }
        }

        return (rows, own, classes is null ? null : truth);
    }

    private static IEnumerable<float[]> All(IDataView data, string name)
    {
        Column(
            data,
            name,
            t => t is VectorDataViewType { Size: > 0 } vector && vector.ItemType == NumberDataViewType.Single,
            "a vector of Single of known size");
        return data.GetColumn<float[]>(name);
    }

    // Classes are only told apart.
    private static IEnumerable<string?> Names(IDataView data, string name)
    {
        var type = Column(
            data, name, t => t is KeyDataViewType or TextDataViewType or BooleanDataViewType || t == NumberDataViewType.Single || t == NumberDataViewType.Int32,
            "a key, text, a Boolean, a Single or an Int32");
        return type switch
        {
            KeyDataViewType => data.GetColumn<uint>(name).Select(k => k == 0 ? null : $"{k}"),
            TextDataViewType => data.GetColumn<string>(name).Select(t => string.IsNullOrEmpty(t) ? null : t),
            BooleanDataViewType => data.GetColumn<bool>(name).Select(b => $"{b}"),
            _ when type == NumberDataViewType.Int32 => data.GetColumn<int>(name).Select(n => $"{n}"),
            _ => data.GetColumn<float>(name).Select(v => float.IsFinite(v) ? $"{v}" : null),
        };
    }

    private static DataViewType Column(IDataView data, string name, Func<DataViewType, bool> suits, string expected)
    {
        if (data.Schema.GetColumnOrNull(name) is not { } column)
        {
            throw new ArgumentException($"There is no column '{name}'; the data has {string.Join(", ", data.Schema.Select(c => c.Name))}.");
        }

        if (!suits(column.Type))
        {
            throw new ArgumentException($"The column '{name}' is {column.Type}; expected {expected}.");
        }

        return column.Type;
    }
}
