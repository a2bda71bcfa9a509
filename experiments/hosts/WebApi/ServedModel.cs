using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Hosts;

/// <summary>A model .zip of <c>mldl run</c>, of pictures or of the rows of a table. Loaded once and shared: <see cref="ITransformer.Transform"/> may be
/// called from any thread, and scores all rows of a request in batches.</summary>
/// <remarks>A <c>PredictionEngine</c> serves one thread at a time and one row at a time. A host that prefers engines lends them from a pool, and makes
/// them with <c>OwnsTransformer = false</c>, so that an engine that is disposed of leaves the model to the others.</remarks>
internal sealed class ServedModel
{
    private readonly MLContext ml = new();
    private readonly ITransformer model;
    private readonly DataViewSchema? input;
    private readonly HashSet<string> needed = [];

    /// <summary>Loads a model and looks whether it can be served.</summary>
    /// <exception cref="FormatException">It reads columns that no request can give.</exception>
    public ServedModel(string path)
    {
        model = ml.Model.Load(path, out input);
        if (input is null)
        {
            // A model on pictures is saved without its input's schema.
            model.GetOutputSchema(Pictures([]).Schema);
            return;
        }

        var mapper = model.GetRowToRowMapper(input);
        needed = [.. mapper.GetDependencies(Answers(mapper.OutputSchema)).Select(c => c.Name)];
        if (JsonRows.Unsuited(input).FirstOrDefault(c => needed.Contains(c.Name)) is { Name: not null } wrong)
        {
            throw new FormatException($"it reads column '{wrong.Name}' of {wrong.Type}, which JSON does not give");
        }
    }

    /// <summary>Whether it takes pictures; else rows.</summary>
    public bool TakesPictures => input is null;

    /// <summary>What is on pictures.</summary>
    /// <param name="files">The files of the pictures.</param>
    /// <exception cref="MlNetDl.Images.ImageFormatException">A file is no picture, or claims too many pixels.</exception>
    public IReadOnlyList<Dictionary<string, object?>> Predict(IEnumerable<byte[]> files) => Scored(Pictures(files));

    /// <summary>The answers for rows.</summary>
    /// <param name="rows">An object a row.</param>
    /// <exception cref="FormatException">A row is of another form.</exception>
    public IReadOnlyList<Dictionary<string, object?>> Predict(IReadOnlyList<JsonElement> rows) => Scored(new JsonRows(input!, needed, rows));

    private IDataView Pictures(IEnumerable<byte[]> files) => ml.Data.LoadFromEnumerable(files.Select(f => new Picture { Image = f }).ToList());

    private static IEnumerable<DataViewSchema.Column> Answers(DataViewSchema schema) =>
        ((string[])["PredictedLabelValue", "PredictedLabel", "Probability", "Score"]).Select(schema.GetColumnOrNull).OfType<DataViewSchema.Column>();

    private List<Dictionary<string, object?>> Scored(IDataView rows)
    {
        var scored = model.Transform(rows);
        var read = Answers(scored.Schema).ToDictionary(c => c.Name);
        var answers = new List<Dictionary<string, object?>>();
        using var cursor = scored.GetRowCursor(read.Values);
        var predicted = read.TryGetValue("PredictedLabelValue", out var name) && name.Type is TextDataViewType
            ? Getter<ReadOnlyMemory<char>>(cursor, name)
            : null;
        var yes = read.TryGetValue("PredictedLabel", out var label) && label.Type is BooleanDataViewType ? Getter<bool>(cursor, label) : null;
        var share = read.TryGetValue("Probability", out var probability) ? Getter<float>(cursor, probability) : null;
        var score = read["Score"].Type is VectorDataViewType ? null : Getter<float>(cursor, read["Score"]);
        var scores = score is null ? Getter<VBuffer<float>>(cursor, read["Score"]) : null;
        while (cursor.MoveNext())
        {
            var values = scores is null ? [score!()] : scores().DenseValues().ToArray();
            answers.Add(predicted is not null ? new() { ["predicted"] = predicted().ToString(), ["probability"] = values.Max() }
                : yes is not null ? new() { ["predicted"] = yes(), ["probability"] = share?.Invoke() }
                : new() { ["predicted"] = values.Length == 1 ? values[0] : values });
        }

        return answers;
    }

    private static Func<T> Getter<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var get = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            get(ref value);
            return value;
        };
    }

    private sealed class Picture
    {
        // The bytes of a file: the model decodes them as in training, upright and of bounded size.
        public byte[] Image { get; set; } = [];
    }
}
