using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Models;
using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>Finds the data that a word on a command line names, as a saved model takes it.</summary>
public static class CompressionData
{
    /// <summary>The source: a named data set, a folder of images in the model's size, or a table with the model's
    /// columns.</summary>
    /// <param name="model">The model's <c>.zip</c>.</param>
    /// <param name="data">A data set's name, a folder, or a <c>.csv</c>, <c>.tsv</c> or <c>.txt</c> file. Of a folder or a table
    /// without a test part a fifth is held out.</param>
    /// <param name="positive">The class or label that means yes, for a task of yes and no; by default that of the training.</param>
    /// <exception cref="IOException">There is no such model or data.</exception>
    /// <exception cref="InvalidDataException">The model takes other data.</exception>
    public static DataSource Of(string model, string data, string? positive = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        PositiveClass.MustSuit(ModelFile.Read(model).Manifest.Task, positive);
        if (Datasets.Find(data) is not null)
        {
            return new NamedDataset { Dataset = data };
        }

        bool isTable = Experiments.Table.Is(data);
        if (!isTable && !Directory.Exists(data))
        {
            throw new FileNotFoundException($"'{data}' is neither a data set ({string.Join(", ", Datasets.All.Select(d => d.Name))}) nor a folder "
                + "of images nor a table (.csv, .tsv, .parquet, .arrow) nor an experiment's .yaml.", data);
        }

        var saved = SavedModel.Load(model);
        var image = saved.Package.Manifest.Image;
        if (!isTable)
        {
            return new ImageFolderData
            {
                Folder = data,
                Positive = positive ?? saved.Package.Manifest.Label.Positive,
                Image = image ?? throw new InvalidDataException($"'{data}' is a folder of images, but the model takes rows of a table."),
            };
        }

        return image is null
            ? Table(saved, data, positive)
            : throw new InvalidDataException($"'{data}' is a table, but the model takes images {saved.Package.Manifest.Input}.");
    }

    private static CsvData Table(SavedModel model, string path, string? positive)
    {
        var label = model.Package.Manifest.LabelColumn;
        var schema = model.Schema ?? throw new InvalidDataException($"The model '{model.Path}' does not say which columns it takes.");
        var wanted = schema.Where(c => !c.IsHidden && c.Name != label).ToList();
        var form = TrainedTable.Of(schema);
        var needs = new TableNeeds(model.Chain.Model, schema);
        var names = Experiments.Table.Read(path, form.Hint(new() { Positive = positive })).Columns.Select(c => c.Name).ToList();
        if (wanted.FirstOrDefault(c => !names.Contains(c.Name)) is { Name: { } missing })
        {
            throw new InvalidDataException($"'{path}' has no column '{missing}', which the model takes; it has: {string.Join(", ", names)}.");
        }

        var manifest = model.Package.Manifest;
        bool mayHaveColumns = manifest.Task is { Label: LabelSet } && (!names.Contains(label) || label == RowLabels.Together);
        var labels = mayHaveColumns && manifest.ClassNames.All(names.Contains) ? manifest.ClassNames : [];
        ValueList<string> Of(Func<DataViewSchema.Column, bool> isOne) => [.. wanted.Where(isOne).Select(c => c.Name)];
        return new()
        {
            Csv = path,
            Label = labels.Count > 0 ? null : label,
            Labels = labels,
            Ignore = [.. names.Where(n => n != label && !labels.Contains(n) && wanted.All(c => c.Name != n))],
            Numeric = Of(c => c.Type is NumberDataViewType),
            Categorical = Of(c => c.Type is TextDataViewType && !needs.TakesDates(c.Name)),
            Positive = positive ?? form.Positive,
            Model = (form, needs, manifest.ClassNames),
        };
    }
}
