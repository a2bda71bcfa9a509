using System.IO.Compression;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Experiments;

namespace MlNetDl.Cli.Tests;

/// <summary>Tables as people have them: each is read with everything in it accounted for, or refused with a word of what to do.</summary>
public sealed class TableFormsTests : IDisposable
{
    private static readonly string NoBreak = "\u00a0";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    // Columns as name:kind (n number, d date, w word), the notes, and the first row as it is read.
    [Theory]
    // Separators.
    [InlineData("a,b\n1,x\n2,y\n", "a:n b:w", "", "1 x")]
    [InlineData("a\tb c\n1\tx y\n2\ty\n", "a:n b c:w", "", "1 x y")]
    [InlineData("a|b\n1|x\n2|y\n", "a:n b:w", "separated by '|'", "1 x")]
    [InlineData("a b  c\n1 2   3\n4  5 6\n", "a:n b:n c:n", "separated by blanks", "1 2 3")]
    [InlineData("  a b\n  1 2\n 10 20\n", "a:n b:n", "separated by blanks", "1 2")]
    [InlineData("a;b\n1;2\n3;4\n", "a:n b:n", "separated by ';'", "1 2")]
    [InlineData("sep=;\na;b\n1;2\n3;4\n", "a:n b:n", "separated by ';'", "1 2")]
    [InlineData("name\nJohn Smith\nMary Major\n", "name:w", "", "John Smith")]
    [InlineData("text,y\n\"one, two\",1\n\"three\",2\n", "text:w y:n", "", "one, two 1")]
    // Line ends, quotes and line breaks within them.
    [InlineData("a,b\r\n1,x\r\n2,y\r\n", "a:n b:w", "", "1 x")]
    [InlineData("a,b\n1,\"x\ny\"\n2,z\n", "a:n b:w", "", "1 x\ny")]
    [InlineData("a,b\n1,\"he said \"\"hi\"\"\"\n2,z\n", "a:n b:w", "", "1 he said \"hi\"")]
    [InlineData("a,b\n1,5\" pipe\n2,z\n", "a:n b:w", "", "1 5\" pipe")]
    [InlineData("a,b\n 1 , \"x\" \n2,y\n", "a:n b:w", "", "1 x")]
    // What is no row.
    [InlineData("a,b\n1,x\n\n2,y\n\n\n", "a:n b:w", "1 empty line left out (line 3)", "1 x")]
    [InlineData("a,b\n1,x\n,\n2,y\n,\n", "a:n b:w", "2 rows without any value left out (line 3, 5)", "1 x")]
    [InlineData("a,b,c\n1,x,p\n# a comment\n2,y,q\n", "a:n b:w c:w", "1 line that looks like a comment left out (line 3)", "1 x p")]
    [InlineData("a,b\n1,x\n#2,y\n", "a:w b:w", "", "1 x")]
    [InlineData("# made by a tool\na,b,c\n1,2,3\n4,5,6\n", "a:n b:n c:n", "1 line above the header left out ('# made by a tool')", "1 2 3")]
    [InlineData("Sales 2024\n\na;b;c\n1;2;3\n4;5;6\n", "a:n b:n c:n", "separated by ';'; 1 line above the header left out ('Sales 2024')", "1 2 3")]
    [InlineData("Sales 2024,,\na,b,c\n1,2,3\n4,5,6\n", "a:n b:n c:n", "1 line above the header left out ('Sales 2024')", "1 2 3")]
    [InlineData("#a,b\n1,2\n3,4\n", "a:n b:n", "the header begins with '#'", "1 2")]
    // Exports of pandas, R and others.
    [InlineData(",a,b\n0,5,x\n1,6,y\n2,7,z\n", "a:n b:w", "the first column, which has no name, counts or names rows: left out", "5 x")]
    [InlineData("\"a\",\"b\"\n\"1\",5,\"x\"\n\"2\",6,\"y\"\n", "a:n b:w", "the header has a name less than rows have fields: 'a' is '5' in line 2; "
        + "the first column, which has no name, counts or names rows: left out", "5 x")]
    [InlineData("a,b,\n1,x,\n2,y,\n", "a:n b:w", "each row ends with a separator", "1 x")]
    [InlineData("a,b\n1,x,\n2,y,\n", "a:n b:w", "each row ends with a separator", "1 x")]
    // Numbers in other dress.
    [InlineData("a;b\n1,5;x\n2,25;y\n", "a:n b:w", "separated by ';'; decimal comma; column 'a' read as numbers: '1,5' in line 2 is 1.5", "1.5 x")]
    [InlineData("a;b\n1.234,50;x\n2,25;y\n", "a:n b:w", "separated by ';'; decimal comma; column 'a' read as numbers: '1.234,50' in line 2 is 1234.5",
        "1234.5 x")]
    [InlineData("a,b\n\"1,234.5\",x\n\"2,000.25\",y\n", "a:n b:w", "column 'a' read as numbers: '1,234.5' in line 2 is 1234.5", "1234.5 x")]
    [InlineData("a,b\n12%,x\n7.5%,y\n", "a:n b:w", "column 'a' read as numbers: '12%' in line 2 is 12", "12 x")]
    [InlineData("a,b\n$12.50,x\n$7,y\n", "a:n b:w", "column 'a' read as numbers: '$12.50' in line 2 is 12.5",
        "12.5 x")]
    [InlineData("a;b\n12,50 €;x\n7,00 €;y\n", "a:n b:w", "separated by ';'; decimal comma; column 'a' read as numbers: '12,50 €' in line 2 is 12.5",
        "12.5 x")]
    [InlineData("a,b\n(12.50),x\n7.00,y\n", "a:n b:w", "column 'a' read as numbers: '(12.50)' in line 2 is -12.5", "-12.5 x")]
    [InlineData("a,b\n1 234 567,x\n12,y\n", "a:n b:w", "column 'a' read as numbers: '1 234 567' in line 2 is 1234567", "1234567 x")]
    [InlineData("a,b\n1'234.5,x\n12,y\n", "a:n b:w", "column 'a' read as numbers: '1'234.5' in line 2 is 1234.5", "1234.5 x")]
    [InlineData("a,b\n−5,x\n12,y\n", "a:n b:w", "column 'a' read as numbers: '−5' in line 2 is -5", "-5 x")]
    [InlineData("a,b\n1e3,x\n+2,y\n", "a:n b:w", "", "1000 x")]
    [InlineData("a,b\n$5,x\n€5,y\n", "a:w b:w", "", "$5 x")]
    [InlineData("a,b\n5%,x\n0.5,y\n", "a:w b:w", "", "5% x")]
    [InlineData("zip,b\n01234,x\n99999,y\n", "zip:n b:w", "", "1234 x")]
    // Dates and times.
    [InlineData("d,b\n2024-02-29,x\n2024-03-01,y\n", "d:d b:w", "column 'd' read as dates (yyyy-M-d)", "2024-02-29T00:00:00 x")]
    [InlineData("d,b\n29.2.2024 13:45,x\n1.3.2024 08:00,y\n", "d:d b:w", "column 'd' read as dates (d.M.yyyy H:mm)", "2024-02-29T13:45:00 x")]
    [InlineData("d,b\n13/04/2024,x\n01/05/2024,y\n", "d:d b:w", "column 'd' read as dates (d/M/yyyy)", "2024-04-13T00:00:00 x")]
    [InlineData("d,b\n04/13/2024,x\n01/05/2024,y\n", "d:d b:w", "column 'd' read as dates (M/d/yyyy)", "2024-04-13T00:00:00 x")]
    [InlineData("d,b\n2024-02-29T13:45:10Z,x\n2024-03-01T00:00:00Z,y\n", "d:d b:w", "column 'd' read as dates (yyyy-M-dTH:mm:ss)", "2024-02-29T13:45:10 x")]
    [InlineData("d,b\n13:45,x\n8:05,y\n", "d:d b:w", "column 'd' read as times (H:mm)", "0001-01-01T13:45:00 x")]
    [InlineData("Sales 2024,,\n,,\na,b,c\n1,2,3\n4,5,6\n", "a:n b:n c:n", "2 lines above the header left out ('Sales 2024')", "1 2 3")]
    [InlineData("a,,b\n1,,x\n2,,y\n", "a:n b:w", "1 column without a name and without any value left out", "1 x")]
    [InlineData("a,b\n5-,x\n7,y\n", "a:n b:w", "column 'a' read as numbers: '5-' in line 2 is -5", "-5 x")]
    [InlineData("a;b\nR$ 1.234,50;x\nR$ 2,75;y\n", "a:n b:w", "separated by ';'; decimal comma; column 'a' read as numbers: 'R$ 1.234,50' in line 2 is 1234.5",
        "1234.5 x")]
    // What one file has two readings of, other columns tell; codes and words are none.
    [InlineData("a,b\n\"1,234\",2.5\n\"2,345\",3.5\n", "a:n b:n", "column 'a' read as numbers: '1,234' in line 2 is 1234", "1234 2.5")]
    [InlineData("w;lat\n0,567;52.5222\n0,678;48.1111\n", "w:n lat:n", "separated by ';'; decimal comma; column 'w' read as numbers: '0,567' in line 2 is 0.567",
        "0.567 52.5222")]
    [InlineData("a,b\nSKU101,x\nSKU102,y\n", "a:w b:w", "", "SKU101 x")]
    [InlineData("a,b\nEUR 5,x\nEUR 7,y\n", "a:n b:w", "column 'a' read as numbers: 'EUR 5' in line 2 is 5", "5 x")]
    [InlineData("PK,name\n1,x\n2,y\n", "PK:n name:w", "", "1 x")]
    [InlineData("y,a\n+,1\n-,2\n+,3\n", "y:w a:n", "", "+ 1")]
    [InlineData("id,coords,y\n1,52.5;13.4,a\n2,52.6;13.5,b\n", "id:n coords:w y:w", "", "1 52.5;13.4 a")]
    // Missing values.
    [InlineData("a,b\nNA,x\n2,?\n", "a:n b:w", "", "NaN x")]
    [InlineData("a,b\n-,x\n2,null\n", "a:n b:w", "", "NaN x")]
    public void A_table_is_read_with_all_that_is_in_it(string text, string columns, string notes, string first)
    {
        File.WriteAllText(folder["t.csv"], text);
        Read(columns, notes, first);
    }

    [Theory]
    [InlineData("1,2\n3,4\n5,6\n", "line 1: the first line looks like data (1, 2). Write data.header: false")]
    [InlineData("x,1\ny,2\nx,3\n", "line 1: the first line looks like data (x, 1)")]
    [InlineData("e,x\np,y\ne,y\np,x\ne,x\np,y\n", "line 1: the first line looks like data (e, x)")]
    [InlineData("a,b\n\"1,234\",x\n\"2,345\",y\n", "line 2: column 'a' has '1,234', which is 1234 or 1.234. Write data.decimal")]
    [InlineData("ort;einwohner\nA;12.345\nB;1.234\nC;987\n", "line 2: column 'einwohner' has '12.345', which is 12.345 or 12345. Write data.decimal")]
    [InlineData("a;b\n1,5;1.234\n2,25;2.500\n", "line 2: column 'b' has '1.234', which is 1.234 or 1234.")]
    [InlineData("id,pos,lat\n1,\"3,4\",52.123\n2,\"5,6\",48.456\n", "column 'lat' has '52.123', which is 52.123 or 52123.")]
    [InlineData("PK\u0003\u0004,name\n1,x\n2,y\n", "begins as a zip, but is damaged or cut off")]
    [InlineData("d,b\n03/04/2024,x\n01/05/2024,y\n", "column 'd' has dates such as '03/04/2024', which is 3 April or 4 March. Write data.dates: dayFirst")]
    [InlineData("a,b,a\n1,2,3\n4,5,6\n", "has the name 'a' for the columns 1 and 3; give each a name of its own")]
    [InlineData("a,,c\n1,2,3\n1,5,6\n", "has no name for column 2 of 3; name it")]
    [InlineData(",a,b\nx,1,2\nx,3,4\n", "has no name for column 1 of 3; name it")]
    [InlineData("a,b\n1,x\n2\n3,z\n", "line 3: 1 field, but the header has 2. Complete the row; or remove the line, where it is a note.")]
    [InlineData("a,b\n1,x\n2,\"y\n3,z\n4,w\n", "line 3: a quote is not closed")]
    [InlineData("a,b\n1,x\n2,\"y\"z\n", "line 3: a quote is followed by more text within its field")]
    [InlineData("a,b\n", "has a header but no rows")]
    [InlineData("\n\n", "is empty; expected a header row and rows")]
    public void A_table_in_doubt_is_refused_and_told_what_to_do(string text, string message)
    {
        File.WriteAllText(folder["t.csv"], text);
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Table.Read(folder["t.csv"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-8", true, "")]
    [InlineData("utf-16", true, "UTF-16")]
    [InlineData("utf-16", false, "UTF-16 without a mark")]
    [InlineData("utf-16BE", true, "UTF-16BE")]
    [InlineData("utf-32", true, "UTF-32")]
    [InlineData("windows-1252", false, "taken for Windows-1252, as line 2 is no UTF-8 (data.encoding says otherwise)")]
    public void Encodings_are_seen(string name, bool hasMark, string note)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        byte[] bytes = encoding.GetBytes("a,b\n1,café\n2,thé\n");
        File.WriteAllBytes(folder["t.csv"], hasMark ? [.. encoding.GetPreamble(), .. bytes] : bytes);
        Read("a:n b:w", note, "1 café");
    }

    [Theory]
    [InlineData(20)]
    [InlineData(65_533)]
    [InlineData(65_535)]
    [InlineData(200_000)]
    public void A_damaged_place_in_UTF_8_is_named_and_makes_no_other_encoding_of_it(int place)
    {
        // Letters of two, three and four bytes lie across the ends of blocks.
        byte[] bytes = Encoding.UTF8.GetBytes("a,b\n" + string.Concat(Enumerable.Repeat("1,é€😀\n", 30_000)));
        File.WriteAllBytes(folder["t.csv"], bytes);
        Assert.Empty(Table.Read(folder["t.csv"]).Notes);
        int start = Array.IndexOf(bytes, (byte)0xC3, place);
        bytes[start + 1] = (byte)'x';
        File.WriteAllBytes(folder["t.csv"], bytes);
        int line = bytes.AsSpan(0, start).Count((byte)'\n') + 1;
        var message = Assert.Throws<InvalidDataException>(() => Table.Read(folder["t.csv"])).Message;
        Assert.Contains($"', line {line}, letter 3: the byte C3 is no UTF-8, but the rest of the file is (1 such place). Mend the file; or say which encoding",
            message, StringComparison.Ordinal);
        Assert.Contains("data.encoding: windows-1252", message, StringComparison.Ordinal);
        // Behind a mark it is UTF-8 in any case; said to be another one, it is that.
        File.WriteAllBytes(folder["t.csv"], [0xEF, 0xBB, 0xBF, .. Encoding.Latin1.GetBytes("a,b\n1,é\n2,x\n")]);
        Assert.Contains("line 2, letter 3: the byte E9 is no UTF-8", Assert.Throws<InvalidDataException>(() => Table.Read(folder["t.csv"])).Message,
            StringComparison.Ordinal);
        File.WriteAllBytes(folder["t.csv"], bytes);
        Assert.Equal(30_000, Table.Read(folder["t.csv"], new() { Encoding = "windows-1252" }).Rows().Count());
    }

    [Fact]
    public void Said_encodings_headers_marks_and_orders_are_taken()
    {
        var latin2 = CodePagesEncodingProvider.Instance.GetEncoding("iso-8859-2")!;
        File.WriteAllBytes(folder["t.csv"], latin2.GetBytes("03/04/2024;1.234;č\n05/06/2024;2.345;ř\n"));
        var table = Table.Read(folder["t.csv"], new() { Header = false, Decimal = ',', Dates = DateOrder.MonthFirst, Encoding = "iso-8859-2" });
        Assert.Equal(["column1", "column2", "column3"], table.Columns.Select(c => c.Name));
        Assert.Equal("2024-03-04T00:00:00 1234 č", First(table));
        var refused = Assert.Throws<InvalidDataException>(() => Table.Read(folder["t.csv"], new() { Encoding = "klingon" }));
        Assert.Contains("names no encoding", refused.Message, StringComparison.Ordinal);

        File.WriteAllText(folder["t.csv"], "2001,2002\n1,2\n3,4\n");
        Assert.Equal(["2001", "2002"], Table.Read(folder["t.csv"], new() { Header = true }).Columns.Select(c => c.Name));
    }

    [Fact]
    public void Packed_tables_are_unpacked_and_other_files_named()
    {
        byte[] text = Encoding.UTF8.GetBytes("a,b\n1,x\n2,y\n");
        using (var packed = new GZipStream(File.Create(folder["t.csv"]), CompressionMode.Compress))
        {
            packed.Write(text);
        }

        Read("a:n b:w", "", "1 x");
        File.WriteAllBytes(folder["t.csv"], File.ReadAllBytes(folder["t.csv"])[..^6]);
        Refused("ends in the middle of its packed data");
        File.WriteAllBytes(folder["t.csv"], [0x1F, 0x8B, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7]);
        Refused("begins as a gzip, but is damaged");
        Zip("data/t.csv");
        Read("a:n b:w", "", "1 x");
        Zip("one.csv", "two.csv");
        Refused("is a zip of 2 files (one.csv, two.csv)");
        Zip("xl/workbook.xml");
        Refused("is an Excel workbook; save the sheet as CSV");
        File.WriteAllBytes(folder["t.csv"], [1, 0, 2, 3, 0, 0, 0, 4]);
        Refused("is no text");
        File.WriteAllText(folder["t.csv"], "%PDF-1.7\n");
        Refused("is a PDF");

        void Zip(params string[] names)
        {
            using var archive = new ZipArchive(File.Create(folder["t.csv"]), ZipArchiveMode.Create);
            foreach (var name in names)
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write(text);
            }
        }

        void Refused(string message) =>
            Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Table.Read(folder["t.csv"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Groups_may_be_set_apart_by_blanks_that_do_not_break()
    {
        File.WriteAllText(folder["t.csv"], $"a;b\n1{NoBreak}234,5;x\n12,0;y\n");
        Assert.Equal("1234.5 x", First(Table.Read(folder["t.csv"])));
    }

    private void Read(string columns, string notes, string first)
    {
        var table = Table.Read(folder["t.csv"]);
        Assert.Equal(columns, string.Join(' ', table.Columns.Select(c => $"{c.Name}:{(c.IsNumber ? 'n' : c.Dates is null ? 'w' : 'd')}")));
        Assert.Equal(notes, string.Join("; ", table.Notes));
        Assert.Equal(first, First(table));
    }

    private static string First(Table table)
    {
        var view = table.Load(new MLContext(), null, DataKind.String);
        return string.Join(' ', view.Schema.Select(c => c.Type is NumberDataViewType
            ? view.GetColumn<float>(c).First().ToString(System.Globalization.CultureInfo.InvariantCulture)
            : view.GetColumn<ReadOnlyMemory<char>>(c).First().ToString()));
    }
}
