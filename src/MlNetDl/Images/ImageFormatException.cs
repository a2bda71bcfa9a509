using System.Globalization;

namespace MlNetDl.Images;

/// <summary>Images cannot be read: damaged, of an unknown format, unreasonably large, or their files are not
/// to be had.</summary>
public sealed class ImageFormatException : IOException
{
    private const int Named = 20;

    internal ImageFormatException(string name, string problem, Exception? inner = null) : base($"Image '{name}': {problem}", inner)
    {
        (Name, Problem) = (name, problem);
    }

    private ImageFormatException(string message, IReadOnlyList<ImageFormatException> all) : base(message, all[0])
    {
        (Name, Problem) = (all[0].Name, all[0].Problem);
    }

    /// <summary>The file; the first one of several.</summary>
    public string Name { get; }

    /// <summary>What is wrong with it.</summary>
    public string Problem { get; }

    /// <summary>One exception for several images, whose message lists the first twenty.</summary>
    /// <param name="problems">One or more.</param>
    /// <param name="advice">What to do, at the end of the message; nothing by default.</param>
    public static ImageFormatException Of(IReadOnlyList<ImageFormatException> problems, string advice = "")
    {
        ArgumentNullException.ThrowIfNull(problems);
        if (problems is [var only])
        {
            return advice.Length == 0 ? only : new($"{only.Message} {advice}", problems);
        }

        var lines = problems.Take(Named).Select(p => $"\n  {p.Name}: {p.Problem}");
        var rest = problems.Count > Named ? string.Create(CultureInfo.InvariantCulture, $"\n  and {problems.Count - Named:N0} more.") : "";
        return new(string.Create(CultureInfo.InvariantCulture, $"{problems.Count:N0} images cannot be read:")
            + string.Concat(lines) + rest + (advice.Length == 0 ? "" : $"\n{advice}"), problems);
    }

    /// <summary>Does something with a file; gives what goes wrong with it.</summary>
    internal static ImageFormatException? Caught(string file, Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (ImageFormatException e)
        {
            return e;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new(file, "the file cannot be read: it does not exist, or is a link to one that does not.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(file, $"the file cannot be read: {e.Message}", e);
        }
    }
}
