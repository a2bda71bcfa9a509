using System.IO.Compression;
using MlNetDl.Files;
using MlNetDl.Onnx;

namespace MlNetDl.Models;

/// <summary>Finds the network in a model file without ML.NET: for tools that only want the network, and want
/// it at once.</summary>
public static class ModelFile
{
    private const string EntryName = "Model";

    /// <summary>The first network in a <c>.zip</c> that ML.NET saved.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ModelFormatException">The file is no such model, or is damaged.</exception>
    public static ModelPackage Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException(
                Directory.Exists(path) ? $"'{path}' is a folder; name the model .zip in it." : $"The model '{path}' does not exist.", path);
        }

        try
        {
            using var zip = ZipFile.OpenRead(path);
            foreach (var entry in zip.Entries.Where(e => e.Name == EntryName && e.Length >= sizeof(int)))
            {
                using var stream = entry.Open();
                // The transformer writes a length, then the package. A package is a zip and starts with PK. Any other
                // entry is left unread.
                var head = new byte[6];
                if (stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length
                    && head.AsSpan(4).SequenceEqual("PK"u8)
                    && BitConverter.ToInt32(head) == entry.Length - 4)
                {
                    using var package = new MemoryStream();
                    package.Write(head.AsSpan(4));
                    CopyBounded(stream, package, entry.Length - 4);
                    return ModelPackage.Read(package.ToArray());
                }
            }
        }
        catch (InvalidDataException e)
        {
            throw new ModelFormatException(Path.GetExtension(path) == ".onnx"
                ? $"'{path}' is an .onnx, which any runtime scores; name the model .zip here, which also says what its columns are."
                : $"'{path}' is not a model, or is damaged: {Reason(path)}", e);
        }
        catch (ModelFormatException e)
        {
            throw new ModelFormatException($"'{path}': {e.Message}", e);
        }

        throw new ModelFormatException($"'{path}' holds no neural network of MlNetDl.");
    }

    // What the reader of zips says of it helps nobody.
    private static string Reason(string path)
    {
        var head = new byte[2];
        using var file = File.OpenRead(path);
        int read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return read == head.Length && head.AsSpan().SequenceEqual("PK"u8)
            ? "the .zip was cut off or changed. Copy it anew, or train it again."
            : Path.GetExtension(path) is ".yaml" or ".yml" ? "it is an experiment's file. Run it, and name the model.zip that it leaves."
            : "it does not begin as a .zip does. Name the model.zip that a training has left.";
    }

    // An entry can claim any length; memory grows with what is really there, and no further than claimed.
    private static void CopyBounded(Stream from, MemoryStream to, long length)
    {
        var buffer = new byte[81_920];
        int read;
        while ((read = from.Read(buffer)) > 0)
        {
            to.Write(buffer, 0, read);
            if (to.Length > length)
            {
                throw new InvalidDataException("an entry is longer than it claims.");
            }
        }
    }
}
