using System.Globalization;
using Microsoft.ML.Data;
using MlNetDl.Data;
using MlNetDl.Files;
using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>What a list of images has, part by part, before an image is opened.</summary>
internal sealed class ImageListLook : ImageLook
{
    private const int Shown = 5;

    private static readonly string[] PathNames =
        ["path", "file", "filename", "file_name", "filepath", "file_path", "image", "img", "image_path", "imagepath", "image_name", "image_file",
            "picture", "photo"];

    private static readonly string[] LabelNames = ["label", "labels", "class", "class_name", "classname", "category", "target", "y"];
    private static readonly string[] SplitNames = ["split", "part", "subset"];
    private static readonly string[] PartNames = ["train", "val", "test"];

    private readonly ImageListData source;
    private readonly LearningTask? task;
    private readonly bool readsLabels;
    private readonly List<string> notes = [];
    private string? labelName;

    /// <summary>Looks.</summary>
    /// <param name="source">The list, and what is said of it.</param>
    /// <param name="task">What is learnt.</param>
    /// <param name="readsLabels">Whether labels are read, and judged by the task; without, only files and parts are.</param>
    /// <exception cref="IOException">The list does not exist.</exception>
    /// <exception cref="InvalidDataException">It lacks a column, or a value in one.</exception>
    public ImageListLook(ImageListData source, LearningTask? task, bool readsLabels = true)
    {
        (this.source, this.task, this.readsLabels) = (source, task, readsLabels);
        var parts = Read(source.ImageList);
        Train = parts[0] ?? throw new InvalidDataException($"'{source.ImageList}' has no image to train on: no row says 'train'.");
        Test = parts[2];
        Validation = source.Validation is { } said ? said.Path is { } path ? Whole(path) : null : parts[1];
        if (Validation is not null)
        {
            notes.Add($"validation part: {(source.Validation is null ? "rows of the list that say so" : $"'{Validation.Place}'")}");
        }

        if (parts[1] is { } left && source.Validation is not null)
        {
            notes.Add($"left out: {TableFormat.Counted(left.Files.Count, "image")} of the list's own validation part");
        }
    }

    public override ImagePart Train { get; }

    public override ImagePart? Validation { get; }

    public override ImagePart? Test { get; }

    public override IReadOnlyList<string> Notes => notes;

    private ImagePart Whole(string path)
    {
        var parts = Read(path).OfType<ImagePart>().ToList();
        return new(path, [.. parts.SelectMany(p => p.Files)], parts[0].Labels is null ? null : [.. parts.SelectMany(p => p.Labels!)]);
    }

    // The parts of a list by their numbers; null for those that it does not have.
    private ImagePart?[] Read(string path)
    {
        if (Directory.Exists(path))
        {
            throw new InvalidDataException($"data.imageList names '{path}', which is a folder; write data.folder for it.");
        }

        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"The list of images '{path}' does not exist.{MissingFile.Place(path)}", path);
        }

        var table = Table.Read(path, source.Options with { Header = source.Header ?? (FirstRowNamesImage(path) ? false : null) });
        var paths = Named(table, "pathColumn", source.PathColumn, PathNames, c => c.Counts.Keys.Any(ImageFolder.IsImage))
            ?? table.Columns.FirstOrDefault(c => c.Counts.Count > 0 && c.Counts.Keys.All(ImageFolder.IsImage))
            ?? throw new InvalidDataException($"Which column of '{path}' has the paths of images? Write data.pathColumn; it has: {Names(table)}.");
        var split = Named(table, "split", source.Split, SplitNames);
        var columns = readsLabels ? source.Labels.Select(name => Named(table, "labels", name, [])!).ToList() : [];
        var label = columns.Count > 0 || !readsLabels ? null : Label(table, paths, split);
        var root = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var rows = table.Rows().Select(row => (
            Part: split is null ? 0 : PartOf(path, row, split),
            File: FileOf(path, root, row, paths),
            Label: columns.Count > 0 ? LabelsOf(path, row, columns) : label is null ? null : LabelOf(path, row, label))).ToList();
        if (path == source.ImageList)
        {
            labelName = label?.Name;
            IReadOnlyList<string> labels = columns.Count > 0 ? source.Labels : label is null ? [] : [label.Name];
            notes.AddRange([.. table.Notes, Columns(table, paths.Name, labels, split?.Name)]);
        }

        return [.. Enumerable.Range(0, PartNames.Length).Select(number =>
        {
            var own = rows.Where(r => r.Part == number).ToList();
            var place = split is null ? path : $"{path}, {PartNames[number]}";
            return own.Count == 0 ? null : new ImagePart(place, [.. own.Select(r => r.File)], rows[0].Label is null ? null : [.. own.Select(r => r.Label!)]);
        })];
    }

    private static string Columns(Table table, string paths, IReadOnlyList<string> labels, string? parts)
    {
        var left = table.Columns.Select(c => c.Name).Except([paths, .. labels, parts]).ToList();
        var named = string.Join(", ", labels.Take(Shown).Select(l => $"'{l}'")) + (labels.Count > Shown ? ", …" : "");
        return $"columns: paths '{paths}'{(labels.Count == 0 ? "" : $", labels {named}")}{(parts is null ? "" : $", parts '{parts}'")}"
            + (left.Count == 0 ? "" : $"; left out: {string.Join(", ", left.Take(Shown).Select(c => $"'{c}'"))}{(left.Count > Shown ? ", …" : "")}");
    }

    private static bool FirstRowNamesImage(string path)
    {
        if (TypedTable.Is(path))
        {
            return false;
        }

        var text = TableText.Of(path, new TableOptions());
        using var reader = text.Open();
        return reader.ReadLine() is { } line
            && line.Split(',', ';', '\t', '|', ' ').Any(field => ImageFolder.IsImage(field.Trim().Trim('"')));
    }

    private TableColumn? Label(Table table, TableColumn paths, TableColumn? split)
    {
        if (Named(table, "label", source.Label, LabelNames) is { } named)
        {
            return named;
        }

        // What the list to train on calls its labels is not guessed anew for another.
        if (labelName is not null && table.Path != source.ImageList)
        {
            return table.Columns.FirstOrDefault(c => c.Name == labelName)
                ?? throw new InvalidDataException($"'{table.Path}' has no column '{labelName}', which has the labels of '{source.ImageList}'; it has: "
                    + $"{Names(table)}.");
        }

        var rest = table.Columns.Where(c => c.Name != paths.Name && c.Name != split?.Name).ToList();
        return rest is [var only] ? only
            : task is not { LearnsFromLabels: true } ? null
            : throw new InvalidDataException(rest.Count == 0
                ? $"'{table.Path}' has no column of labels beside the paths '{paths.Name}'."
                : $"Which column of '{table.Path}' has the labels? Write data.label; it has: {string.Join(", ", rest.Select(c => c.Name))}.");
    }

    // Of several that are called so, none is meant for sure.
    private static TableColumn? Named(Table table, string key, string? name, string[] usual, Func<TableColumn, bool>? suits = null) => name is null
        ? table.Columns.Where(c => usual.Contains(c.Name.Trim(), StringComparer.OrdinalIgnoreCase) && suits?.Invoke(c) != false).ToList() is [var one]
        ? one : null
        : table.Columns.FirstOrDefault(c => c.Name == name)
            ?? throw new InvalidDataException($"data.{key} names '{name}', which is no column of '{table.Path}'; it has: {Names(table)}.");

    private static int PartOf(string path, TableRecord row, TableColumn split) => ImageParts.PartOf(row.Fields[split.Place])
        ?? throw new InvalidDataException($"'{path}', line {row.Line}: column '{split.Name}' has '{TableFormat.Shortened(row.Fields[split.Place])}', "
        + "but a part is train, val or test.");

    private static string FileOf(string path, string root, TableRecord row, TableColumn paths)
    {
        var written = row.Fields[paths.Place];
        if (written.Length == 0)
        {
            throw new InvalidDataException($"'{path}', line {row.Line}: column '{paths.Name}' is empty, but names an image.");
        }

        // Lists that were written on Windows have its separators.
        var file = Path.Combine(root, written);
        return Path.DirectorySeparatorChar == '/' && written.Contains('\\', StringComparison.Ordinal) && !File.Exists(file)
            ? Path.Combine(root, written.Replace('\\', '/'))
            : file;
    }

    private string LabelOf(string path, TableRecord row, TableColumn label)
    {
        var written = row.Fields[label.Place];
        if (task is { Label: LabelSet })
        {
            return SetOf(path, row, label, written);
        }

        if (label.Lacks(written))
        {
            throw new InvalidDataException($"'{path}', line {row.Line}: the label '{label.Name}' is missing; complete the row, or remove it.");
        }

        return task is { Label.TextKind: DataKind.Single } && label.Form.Read(written) is { } number
            ? number.ToString("R", CultureInfo.InvariantCulture)
            : written;
    }

    private string SetOf(string path, TableRecord row, TableColumn label, string written)
    {
        if (written.Length > 0 && label.Lacks(written))
        {
            throw new InvalidDataException($"'{path}', line {row.Line}: column '{label.Name}' has '{written}': has the image no label, or are its labels "
                + "not known? Leave the field empty for none, or remove the row.");
        }

        return string.Join(ImageLabelSet.Between, RowLabels.Words(written, source.LabelSeparator ?? RowLabels.Usual).Distinct().Order(StringComparer.Ordinal));
    }

    private static string LabelsOf(string path, TableRecord row, List<TableColumn> columns) => string.Join(ImageLabelSet.Between, columns
        .Where(c => YesNo.Of(row.Fields[c.Place]) ?? throw new InvalidDataException($"'{path}', line {row.Line}: column '{c.Name}' has "
            + $"'{TableFormat.Shortened(row.Fields[c.Place])}', but as a label it says for every image whether it has it: 1 or 0, or another pair "
            + "such as yes and no."))
        .Select(c => c.Name).Order(StringComparer.Ordinal));

    private static string Names(Table table) => string.Join(", ", table.Columns.Select(c => c.Name));
}
