using System.Text;

namespace MlNetDl.Experiments;

/// <summary>A table that is a text: lines of fields.</summary>
internal sealed class TextTable : TableSource
{
    private readonly TableText text;
    private readonly TableFormat format;

    /// <summary>Looks at the first lines.</summary>
    /// <inheritdoc cref="TableSource.Of"/>
    public TextTable(string path, TableOptions options)
        : base(path)
    {
        text = TableText.Of(path, options);
        try
        {
            format = TableFormat.Of(path, text, options);
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException($"'{path}' is not in the encoding {text.Encoding.WebName}; say which it is: {options.Say("encoding", "NAME")}.", e);
        }

        Notes =
        [
            .. new[] { text.Note }.OfType<string>(),
            .. format.Separator is ',' or '\t' ? [] : new[] { format.Separator == ' ' ? "separated by blanks" : $"separated by '{format.Separator}'" },
            .. format.Notes,
        ];
    }

    public override IReadOnlyList<string> Names => format.Names;

    public override IReadOnlyList<string> Notes { get; }

    public override char? Separator => format.Separator;

    public override long Size => new FileInfo(Path).Length;

    // Lines without anything are no rows; neither are those that look like comments and have another number of fields.
    protected override IEnumerable<TableRecord> Read(bool keepsBlank, Action<string, long>? left)
    {
        // Empty lines at the end are said by nobody.
        var empty = new List<long>();
        using var reader = text.Open();
        foreach (var record in TableRecords.Read(Path, reader, format.Separator))
        {
            if (record.Line < format.FirstRow)
            {
                continue;
            }

            int fields = record.Fields.Length;
            if (record.IsEmptyLine && !(keepsBlank && format.Fields == 1))
            {
                empty.Add(record.Line);
                continue;
            }

            empty.ForEach(line => left?.Invoke("empty line", line));
            empty.Clear();
            if (fields != format.Fields && record.LooksLikeComment)
            {
                left?.Invoke(TableLook.Comment, record.Line);
            }
            else if (fields != format.Fields)
            {
                var separator = format.Separator switch { '\t' => "\\t", ' ' => "a blank", var other => other.ToString() };
                throw new InvalidDataException($"'{Path}', line {record.Line}: {TableFormat.Counted(fields, "field")}, but the header has {format.Fields}. "
                    + (fields < format.Fields ? "Complete the row; or remove the line, where it is a note."
                        : $"Put values that contain '{separator}' in double quotes."));
            }
            else
            {
                yield return record;
            }
        }
    }
}
