using System.Buffers;
using System.Text;

namespace MlNetDl.Naming;

/// <summary>Halves of UTF-16 surrogate pairs without their other half: a string can have them, UTF-8 cannot. Written to a file, all of them
/// become U+FFFD, and different names the same one.</summary>
internal static class LoneSurrogates
{
    /// <summary>Whether a text has one.</summary>
    public static bool In(string text)
    {
        for (var rest = text.AsSpan(); rest.Length > 0;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out int length) != OperationStatus.Done)
            {
                return true;
            }

            rest = rest[length..];
        }

        return false;
    }

    /// <summary>The text with each of them as <c>\uD800</c>, to be shown.</summary>
    public static string Shown(string text)
    {
        var shown = new StringBuilder();
        for (var rest = text.AsSpan(); rest.Length > 0;)
        {
            bool whole = Rune.DecodeFromUtf16(rest, out _, out int length) == OperationStatus.Done;
            shown.Append(whole ? rest[..length].ToString() : $"\\u{(int)rest[0]:X4}");
            rest = rest[length..];
        }

        return shown.ToString();
    }
}
