namespace MlNetDl.Data;

/// <summary>Finds classes that are likely one: their names differ in upper and lower case, in blanks around them, or in characters that are composed
/// or not, as systems write them.</summary>
public static class ClassSpelling
{
    /// <summary>Refuses such names.</summary>
    /// <param name="place">What has the classes, for the message.</param>
    /// <param name="names">The names of all classes, in all parts.</param>
    /// <exception cref="InvalidDataException">Two names differ in their spelling alone.</exception>
    public static void Check(string place, IEnumerable<string> names)
    {
        if (names.Distinct().GroupBy(n => n.Trim().Normalize().ToUpperInvariant()).FirstOrDefault(g => g.Skip(1).Any()) is { } twice)
        {
            throw new InvalidDataException($"'{place}': the classes {string.Join(" and ", twice.Select(n => $"'{n}'"))} differ in their spelling alone; "
                + "give one class one name, in every part.");
        }
    }
}
