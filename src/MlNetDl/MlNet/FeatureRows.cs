using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetDl.MlNet;

/// <summary>Rows of a feature column as the network takes them.</summary>
internal static class FeatureRows
{
    /// <summary>How many rows are enough to time it with.</summary>
    public const int Most = 512;

    /// <summary>The values of all rows, row-major; none where the network takes something else than one vector or image of known
    /// size.</summary>
    /// <param name="data">Rows as the network sees them.</param>
    /// <param name="network">The network.</param>
    public static float[] All(IDataView data, NeuralNetworkTransformer network)
    {
        int count = 0;
        using (var cursor = data.GetRowCursor([]))
        {
            while (cursor.MoveNext())
            {
                count++;
            }
        }

        return Of(data, network, Math.Max(1, count));
    }

    /// <summary>The values, row-major; none where the network takes something else than one vector or image of known size.</summary>
    /// <param name="data">Rows as the network sees them.</param>
    /// <param name="network">The network.</param>
    /// <param name="most">The first so many.</param>
    public static float[] Of(IDataView data, NeuralNetworkTransformer network, int most = Most)
    {
        if (network.Graph.Inputs is not [{ Column: not null, Shape.Type: Layers.Contracts.ElementType.Float32 } input]
            || input.Shape.Dims.Skip(1).Any(d => d.Size is null))
        {
            return [];
        }

        var rows = new FloatInputRows(input, most);
        using var cursor = data.GetRowCursor(network.InputColumns(data.Schema));
        var read = rows.Reader(cursor);
        int count = 0;
        while (count < most && cursor.MoveNext())
        {
            read(count++);
        }

        return rows.Rows(0, count).ToArray();
    }
}
