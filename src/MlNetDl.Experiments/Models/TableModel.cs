using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Models;

namespace MlNetDl.Experiments;

/// <summary>A saved chain that scores the rows of tables. Apart from what needs no ML.NET: its start-up would be most
/// of the time that an image takes.</summary>
internal sealed class TableModel
{
    private readonly MLContext ml = new();
    private readonly ModelManifest manifest;
    private readonly ITransformer chain;
    private readonly DataViewSchema schema;

    private readonly Action<string>? warn;

    private readonly TableOptions options;
    private readonly TrainedTable trained;

    public TableModel(string path, ModelManifest manifest, Action<string>? warn, TableOptions? options = null)
    {
        (this.manifest, this.warn, chain) = (manifest, warn, SavedChain.Load(ml, path, out schema));
        trained = TrainedTable.Of(schema);
        this.options = trained.Hint(options ?? new());
    }

    /// <summary>Looks at a table, and tells of its form what is not as usual.</summary>
    /// <param name="path">The file.</param>
    /// <param name="keepsBlankRows">Whether rows without any value are rows.</param>
    public Table Read(string path, bool keepsBlankRows = false)
    {
        if (manifest.Image is not null)
        {
            throw new InvalidDataException($"The model takes images, but '{path}' is a table. Of a list of images, "
                + "give an experiment that names it: data: { imageList: … }.");
        }

        var table = trained.Suited(Table.Read(path, options with { KeepsBlankRows = keepsBlankRows, IsOfCommand = true }));
        if (table.Notes.Count > 0)
        {
            warn?.Invoke($"'{path}': {string.Join("; ", table.Notes)}.");
        }

        return table;
    }

    /// <summary>The rows with the model's columns added, such as <c>Score</c>; they are scored when they are read.
    /// Words that training did not have are told at once.</summary>
    /// <param name="table">The table.</param>
    /// <param name="label">Its column with the truth; <see langword="null"/> where it needs none.</param>
    public IDataView Transform(Table table, string? label) => chain.Transform(Rows(table, label));

    /// <summary>The rows as the model's network takes them. Words that training did not have are told at once.</summary>
    /// <param name="path">The table's file.</param>
    /// <param name="label">Its column with the classes, by default the model's own where the table has it; a model that is told none only
    /// hands them on.</param>
    /// <exception cref="InvalidDataException">The table lacks a column.</exception>
    public SeenRows? Features(string path, string? label = null)
    {
        var table = Read(path);
        var parts = FittedChain.Of(chain);
        bool hasLabel = table.Columns.Any(c => c.Name == (label ?? manifest.LabelColumn));
        if (label is not null && !hasLabel)
        {
            throw new InvalidDataException($"'{table.Path}' has no label column '{label}'; it has: {string.Join(", ", table.Columns.Select(c => c.Name))}.");
        }

        bool isTold = manifest.Task is null && hasLabel
            && (manifest.ClassNames.Count > 0 || label is not null || (manifest.Main.Role == Networks.GraphRole.Cluster && !TakesLabel));
        var view = Rows(table, isTold && manifest.ClassNames.Count > 0 ? label ?? manifest.LabelColumn : null);
        var rows = SeenRows.Of(parts.Input(view), parts.Network.FeatureColumnName, int.MaxValue);
        return isTold && rows is not null
            ? rows with { Classes = [.. Words(table, label ?? manifest.LabelColumn).Select(c => c.ToString())] }
            : rows;
    }

    // A feature, of which a label that is not told has the name by chance.
    private bool TakesLabel => schema.GetColumnOrNull(manifest.LabelColumn) is not null;

    private IEnumerable<ReadOnlyMemory<char>> Words(Table table, string column)
    {
        return table.Load(ml, [new(column, DataKind.String, table.Columns.First(c => c.Name == column))]).GetColumn<ReadOnlyMemory<char>>(column);
    }

    private IDataView Rows(Table table, string? label)
    {
        if (OtherRows.TakesCodes(manifest) && schema.Any(c => c.Type is VectorDataViewType))
        {
            throw OtherRows.OfTable(manifest, table.Path);
        }

        var rows = TableInput.Load(ml, table, schema, manifest, label, new(chain, schema), options.Positive, trained.LabelSeparator);
        if (warn is not null)
        {
            var known = KnownWords.Of(FittedChain.Of(chain).Input(rows).Schema);
            foreach (var (column, words) in UnknownWords.Find(rows, known))
            {
                warn($"'{table.Path}': column '{column}' has {words.Count} that the training data did not have "
                    + $"({words.Examples}); for the model these are none of the column's categories.");
            }
        }

        return rows;
    }

    /// <summary>Tells of rows whose class the model does not know; they count as wrong, whatever is
    /// predicted.</summary>
    /// <param name="table">The table.</param>
    /// <param name="label">Its column with the truth.</param>
    /// <param name="targets">The truth, −1 where it is unknown.</param>
    public void WarnOfUnknownClasses(Table table, string label, IReadOnlyList<float> targets)
    {
        if (warn is null || manifest.Task is not { Label.IsClassIndex: true } || !targets.Contains(-1))
        {
            return;
        }

        // Labels as the file has them. The scored rows have no names for classes that the model does not know.
        var unknown = new UnknownWords();
        foreach (var (name, _) in Words(table, label).Zip(targets).Where(row => row.Second < 0))
        {
            unknown.Add(name.ToString());
        }

        warn($"'{table.Path}': column '{label}' has {unknown.Count} that the model does not know ({unknown.Examples}); "
            + $"these rows count as wrong. Its classes are {string.Join(", ", manifest.ClassNames)}.");
    }
}
