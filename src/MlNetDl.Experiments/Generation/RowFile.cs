using System.Globalization;
using MlNetDl.Files;
using MlNetDl.Generative;

namespace MlNetDl.Experiments;

/// <summary>Rows that a model makes as a file: images as one picture (<c>.png</c>), others as a table (<c>.csv</c>).</summary>
internal sealed class RowFile
{
    private readonly CodeModel model;
    private readonly bool isPicture;

    /// <summary>A file for rows of a model; nothing is written yet.</summary>
    /// <param name="path">Its path; without an extension it gets <c>.png</c> for images, and <c>.csv</c> for others.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="ArgumentException">It is neither a picture nor a table, has no name, or the rows do not suit it.</exception>
    /// <exception cref="DirectoryNotFoundException">Its folder does not exist.</exception>
    public RowFile(string path, CodeModel model)
    {
        if (System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"The folder of '{path}' does not exist; make it, or name a file elsewhere.");
        }

        if (System.IO.Path.GetFileNameWithoutExtension(path).Length == 0)
        {
            throw new ArgumentException($"'{path}' names no file; give it a name, such as '{System.IO.Path.Combine(
                System.IO.Path.GetDirectoryName(path) ?? "", "rows" + System.IO.Path.GetExtension(path))}'.");
        }

        bool areImages = SampleSheet.CanDraw(model.Input);
        (this.model, Path) = (model, System.IO.Path.HasExtension(path) ? path : path + (areImages ? ".png" : ".csv"));
        isPicture = System.IO.Path.GetExtension(Path).ToLowerInvariant() switch
        {
            ".png" => true,
            ".csv" => false,
            var other => throw new ArgumentException($"'{path}' ends with '{other}'; give a .png for images or a .csv for rows of values."),
        };
        if (isPicture && !areImages)
        {
            throw new ArgumentException($"The model makes rows of {model.Width} values and no images; write them to a .csv.");
        }
    }

    /// <summary>Where it lies.</summary>
    public string Path { get; }

    /// <summary>Writes rows.</summary>
    /// <param name="rows">Their values, row-major.</param>
    /// <param name="columns">Images of a line, for a picture.</param>
    /// <param name="more">For a table, columns behind those of the rows' values: their names, and the word of a row by its index.</param>
    public void Write(float[] rows, int columns, params IReadOnlyList<(string Name, Func<int, string> Word)> more)
    {
        if (isPicture)
        {
            SampleSheet.Write(Path, rows, model.Input, columns, model.Peak);
            return;
        }

        WriteTable(rows.Length / model.Width, [.. Values((row, i) => rows[(row * model.Width) + i]), .. more]);
    }

    /// <summary>Writes rows, each with what is made of it: in a picture below it, in a table beside it.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="again">What is made of them, row-major.</param>
    public void WritePairs(IReadOnlyList<float[]> rows, float[] again)
    {
        if (isPicture)
        {
            int columns = ReconstructedRows.ColumnsOf(rows.Count);
            SampleSheet.Write(Path, ReconstructedRows.Paired(rows, again, columns), model.Input, columns, model.Peak);
            return;
        }

        WriteTable(rows.Count, [.. Values((row, i) => rows[row][i]), .. Values((row, i) => again[(row * model.Width) + i], " reconstructed")]);
    }

    private IEnumerable<(string Name, Func<int, string> Word)> Values(Func<int, int, float> value, string suffix = "")
    {
        int width = model.Width;
        IReadOnlyList<string> names = model.Manifest.FeatureNames is { Count: var known } given && known == width
            ? given
            : [.. Enumerable.Range(1, width).Select(i => $"value{i.ToString(CultureInfo.InvariantCulture)}")];
        return names.Select((name, i) => (name + suffix, (Func<int, string>)(row => value(row, i).ToString("R", CultureInfo.InvariantCulture))));
    }

    // Line by line: a table of many images would not fit into memory as words.
    private void WriteTable(int rows, IReadOnlyList<(string Name, Func<int, string> Word)> columns) => AtomicFile.Write(Path, stream =>
    {
        using var text = new StreamWriter(stream, bufferSize: 1 << 16, leaveOpen: true) { NewLine = "\n" };
        text.WriteLine(string.Join(',', columns.Select(c => Quoted(c.Name))));
        for (int row = 0; row < rows; row++)
        {
            text.WriteLine(string.Join(',', columns.Select(c => Quoted(c.Word(row)))));
        }
    });

    private static string Quoted(string word) =>
        word.AsSpan().ContainsAny("\",\r\n") ? $"\"{word.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : word;
}
