using System.Globalization;
using System.Text;

namespace MlNetDl.Data;

/// <summary>Finds classes that are likely one: their names differ in upper and lower case, in blanks around them, or in characters that are composed
/// or not, as systems write them.</summary>
public static class ClassSpelling
{
    /// <summary>Refuses such names.</summary>
    /// <param name="place">What has the classes, for the message.</param>
    /// <param name="names">The names of all classes, in all parts.</param>
    /// <param name="otherwise">What to do where they are meant so; nothing by default.</param>
    /// <remarks>Names of one character are any: a and A are two letters.</remarks>
    /// <exception cref="InvalidDataException">Two names differ in their spelling alone.</exception>
    public static void Check(string place, IEnumerable<string> names, string otherwise = "")
    {
        var all = names.Distinct().Where(n => n.Trim().Length > 1).ToList();
        var twice = all.GroupBy(n => n.Trim().ToUpperInvariant()).FirstOrDefault(g => g.Skip(1).Any())
            ?? all.GroupBy(Pattern).FirstOrDefault(g => g.Any(HasMarks) && !g.All(HasMarks));
        if (twice is not null)
        {
            throw new InvalidDataException($"'{place}': the classes {string.Join(" and ", twice.Select(n => $"'{n}'"))} differ in their spelling alone; "
                + $"give one class one name, in every part{otherwise}.");
        }
    }

    private static bool HasMarks(string name) => name.Any(IsMark);

    private static bool IsMark(char character) => CharUnicodeInfo.GetUnicodeCategory(character) == UnicodeCategory.NonSpacingMark;

    // A letter with marks and the composed letter are both '?'. The program may run without tables of characters, so that the two cannot be told
    // from other letters.
    private static string Pattern(string name)
    {
        var pattern = new StringBuilder();
        foreach (char character in name.Trim().ToUpperInvariant())
        {
            if (IsMark(character))
            {
                pattern.Length = Math.Max(0, pattern.Length - 1);
                pattern.Append('?');
            }
            else
            {
                pattern.Append(char.IsAscii(character) ? character : '?');
            }
        }

        return pattern.ToString();
    }
}
