using Microsoft.ML;
using MlNetDl.Data;
using MlNetDl.Models;
using MlNetDl.Tasks;

namespace MlNetDl.MlNet;

/// <summary>The scores of some rows, and getters of the added columns over them.</summary>
/// <remarks>Buffers are made once; a row costs a copy of its scores and nothing else.</remarks>
internal sealed class RowScores
{
    private readonly NeuralNetworkTransformer transformer;
    private readonly GraphInputRows[] inputs;
    private readonly OutputRows[] results;
    private int rows;

    public RowScores(NeuralNetworkTransformer transformer, int capacity)
    {
        this.transformer = transformer;
        inputs = [.. transformer.Graph.Inputs.Select(i => GraphInputRows.Of(i, capacity, transformer.Package.Manifest.ClassNames))];
        results = transformer.Runner.Results(capacity);
    }

    /// <summary>Copies examples of a set to the first places of the batch.</summary>
    public void Copy(Examples examples, int start, int count)
    {
        for (int i = 0; i < count; i++)
        {
            inputs[0].Copy(examples, start + i, i);
        }
    }

    /// <summary>The values of the first output for the rows that were run, where every row has as many.</summary>
    public ReadOnlySpan<float> Scores => results[0].Values.AsSpan(0, rows * results[0].Width);

    /// <summary>A reader that copies the row at hand to a place in the batch.</summary>
    public Action<int> Reader(DataViewRow row)
    {
        var readers = Array.ConvertAll(inputs, i => i.Reader(row));
        return readers.Length == 1 ? readers[0] : slot => Array.ForEach(readers, read => read(slot));
    }

    /// <summary>A test whether the row at hand is the batch's first.</summary>
    public Func<bool> IsFirst(DataViewRow row)
    {
        var tests = Array.ConvertAll(inputs, i => i.IsFirst(row));
        return () => Array.TrueForAll(tests, test => test());
    }

    /// <summary>Scores the first <paramref name="count"/> rows.</summary>
    public void Run(int count)
    {
        transformer.Runner.Run(inputs, count, results);
        rows = count;
    }

    /// <summary>A getter of an added column.</summary>
    /// <param name="column">The column.</param>
    /// <param name="row">Makes sure that the row at hand is scored, and says which it is.</param>
    public Delegate Getter(DataViewSchema.Column column, Func<int> row) =>
        transformer.Columns.First(c => c.Name == column.Name).Getter(new RowOfBatch(this, row), transformer.Package.Manifest.Label);

    private sealed class RowOfBatch(RowScores scores, Func<int> row) : GraphRow
    {
        public override RowValues Values(string output)
        {
            var rows = Rows(output);
            return () =>
            {
                int at = row();
                return rows[at];
            };
        }

        public override int Width(string output) => Rows(output).Width;

        public override Func<(int Width, int Height)> SourceSize()
        {
            var images = scores.inputs.OfType<FloatInputRows>().FirstOrDefault(i => i.Input.Image is not null)
                ?? throw new InvalidOperationException("A column asks for the size of the image, but the graph reads none.");
            return () => images.SizeOf(row());
        }

        private OutputRows Rows(string output)
        {
            var outputs = scores.transformer.Outputs;
            int index = outputs.IndexOf(output);
            if (index < 0)
            {
                throw new ArgumentException(
                    $"A column asks for the output '{output}', but columns say that they read "
                        + $"{string.Join(", ", outputs)}; name it in OutputColumn.Reads.",
                    nameof(output));
            }

            return scores.results[index];
        }
    }
}
