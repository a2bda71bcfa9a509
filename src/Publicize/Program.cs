// Copies assemblies with all their types and members made public, for the compiler to read. The originals are what
// runs. Usage: Publicize TARGET_FOLDER ASSEMBLY...
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

var folder = Directory.CreateDirectory(args[0]).FullName;
foreach (var source in args.Skip(1))
{
    var bytes = File.ReadAllBytes(source);
    using var assembly = new PEReader(new MemoryStream([.. bytes]));
    var metadata = assembly.GetMetadataReader();

    // The low three bits of each row's flags are the visibility (ECMA-335 II.23.1): of a type at offset 0, of a method
    // behind address and implementation flags, of a field at 0.
    SetVisibility(TableIndex.TypeDef, 0, v => v == 0 ? 1 : v >= 3 ? 2 : v);
    SetVisibility(TableIndex.MethodDef, 6, v => v == 3 ? 6 : v);
    SetVisibility(TableIndex.Field, 0, v => v == 3 ? 6 : v);

    // Projects that build at the same time may write the same file.
    var target = Path.Combine(folder, Path.GetFileName(source));
    var temporary = $"{target}.{Environment.ProcessId}";
    File.WriteAllBytes(temporary, bytes);
    File.Move(temporary, target, overwrite: true);

    void SetVisibility(TableIndex table, int offset, Func<int, int> change)
    {
        int start = assembly.PEHeaders.MetadataStartOffset + metadata.GetTableMetadataOffset(table) + offset,
            size = metadata.GetTableRowSize(table);
        // The first type row is <Module>.
        for (int row = table == TableIndex.TypeDef ? 1 : 0; row < metadata.GetTableRowCount(table); row++)
        {
            int at = start + (row * size);
            bytes[at] = (byte)((bytes[at] & ~7) | change(bytes[at] & 7));
        }
    }
}
