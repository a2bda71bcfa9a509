using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetDl.Experiments;

/// <summary>What a saved chain needs of its columns, found by rows that lack one value each: what the chain fills in, its network never sees.</summary>
internal sealed class TableNeeds
{
    // Any date does: the others only must not be missing.
    private const string SomeDate = "2000-01-01T00:00:00", AnotherDate = "2003-07-09T13:45:00";

    private readonly FittedChain parts;
    private readonly List<DataViewSchema.Column> columns;
    private readonly bool isOfValues;

    /// <summary>Looks at a chain.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="schema">What it takes.</param>
    public TableNeeds(ITransformer chain, DataViewSchema schema)
    {
        parts = FittedChain.Of(chain);
        columns = [.. schema.Where(c => !c.IsHidden)];
        // A row of other kinds, such as vectors, is not made here: then nothing is filled in as far as is known.
        isOfValues = columns.TrueForAll(c => c.Type is NumberDataViewType or TextDataViewType);
    }

    /// <summary>Whether missing values of a column are filled in, and other steps of the chain take them.</summary>
    public bool Fills(string column) => isOfValues && Features(column, "") is { } features && !features.Any(float.IsNaN);

    /// <summary>Whether a column of texts is read as dates: two dates make a difference, and two words that are none do not.</summary>
    public bool TakesDates(string column) => isOfValues
        && Features(column, SomeDate) is { } some && Features(column, AnotherDate) is { } another && !some.SequenceEqual(another)
        && Features(column, "x")!.SequenceEqual(Features(column, "words")!);

    // What the network sees of a row that has this value in a column, and anything in the others.
    private float[]? Features(string column, string value)
    {
        string[] fields = [.. columns.Select(c => c.Name == column ? value : c.Type is NumberDataViewType ? "0" : SomeDate)];
        var row = new TableView(1, () => [new(1, fields)], [.. columns.Select((c, i) => new TableViewColumn(
            c.Name, c.Type is NumberDataViewType ? DataKind.Single : DataKind.String, new(c.Name, c.Type is NumberDataViewType, false) { Place = i }))]);
        var input = parts.Input(row);
        return input.Schema.GetColumnOrNull(parts.Network.FeatureColumnName) is { Type: VectorDataViewType { ItemType: NumberDataViewType } } features
            ? input.GetColumn<float[]>(features).Single()
            : null;
    }
}
