using System.Buffers;
using System.Text;

namespace MlNetDl.Naming;

/// <summary>Halves of UTF-16 surrogate pairs without their other half. Strings can hold them, UTF-8 cannot. In a file
/// each becomes U+FFFD, so that different names become one.</summary>
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

    /// <summary>The text for display, each of them written like <c>\uD800</c>.</summary>
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
