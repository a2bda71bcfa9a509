using System.IO.Compression;

namespace MlNetDl.Onnx;

/// <summary>Finds the network in a model file without ML.NET: for tools that only want the network, and want it at once.</summary>
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
            throw new FileNotFoundException($"The model '{path}' does not exist.", path);
        }

        try
        {
            using var zip = ZipFile.OpenRead(path);
            foreach (var entry in zip.Entries.Where(e => e.Name == EntryName && e.Length >= sizeof(int)))
            {
                using var stream = entry.Open();
                using var bytes = new MemoryStream();
                CopyBounded(stream, bytes, entry.Length);
                // A length, then the package, as the transformer writes it; a package is a zip and starts with PK.
                if (bytes.Length > 6 && bytes.GetBuffer() is var buffer && buffer[4] == 'P' && buffer[5] == 'K' && BitConverter.ToInt32(buffer) == bytes.Length - 4)
                {
                    return ModelPackage.Read(buffer[4..(int)bytes.Length]);
                }
            }
        }
        catch (InvalidDataException e)
        {
            throw new ModelFormatException($"'{path}' is not a model, or is damaged: {e.Message}", e);
        }
        catch (ModelFormatException e)
        {
            throw new ModelFormatException($"'{path}': {e.Message}", e);
        }

        throw new ModelFormatException($"'{path}' holds no neural network of MlNetDl.");
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
