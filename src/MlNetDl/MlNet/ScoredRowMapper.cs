using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetDl.MlNet;

/// <summary>Scores single rows, for <c>PredictionEngine</c>.</summary>
internal sealed class ScoredRowMapper(NeuralNetworkTransformer transformer, DataViewSchema inputSchema) : IRowToRowMapper
{
    public DataViewSchema InputSchema => inputSchema;

    public DataViewSchema OutputSchema { get; } = transformer.GetOutputSchema(inputSchema);

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        dependingColumns
            .SelectMany(
                c => c.Index < inputSchema.Count ? [inputSchema[c.Index]] : transformer.InputColumns(inputSchema))
            .DistinctBy(c => c.Index);

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) =>
        new ScoredRow(transformer, OutputSchema, input, ActiveColumns.Of(OutputSchema, activeColumns));

    private sealed class ScoredRow : DataViewRow
    {
        private readonly DataViewRow input;
        private readonly bool[] active;
        private readonly Action<int>? read;
        private readonly RowScores? scores;
        private long scored = -1;

        public ScoredRow(NeuralNetworkTransformer transformer, DataViewSchema schema, DataViewRow input, bool[] active)
        {
            (Schema, this.input, this.active) = (schema, input, active);
            if (active.Skip(input.Schema.Count).Any(a => a))
            {
                scores = new(transformer, 1);
                read = scores.Reader(input);
            }
        }

        public override DataViewSchema Schema { get; }

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!active[column.Index])
            {
                throw new InvalidOperationException($"Column '{column.Name}' is not active in this row; name it among the columns needed.");
            }

            return column.Index < input.Schema.Count
                ? input.GetGetter<TValue>(input.Schema[column.Index])
                : scores!.Getter(column, Score) as ValueGetter<TValue> ?? throw ScoredCursor.WrongType(column, typeof(TValue));
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                input.Dispose();
            }

            base.Dispose(disposing);
        }

        // Score and PredictedLabel of one row share one forward pass.
        private int Score()
        {
            if (scored != input.Position || scored < 0)
            {
                read!(0);
                scores!.Run(1);
                scored = input.Position;
            }

            return 0;
        }
    }
}
