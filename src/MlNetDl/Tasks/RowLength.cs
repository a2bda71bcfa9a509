namespace MlNetDl.Tasks;

/// <summary>Vectors of rows that are not as long as their column says.</summary>
internal static class RowLength
{
    /// <summary>Refuses a row's vector of another length than its column says: ML.NET hands on whatever array an object
    /// has, and the values of the row before would stay in its place.</summary>
    /// <exception cref="InvalidOperationException">The length is another.</exception>
    public static void MustFill(int length, int size, string column)
    {
        if (length != size)
        {
            throw new InvalidOperationException($"Column '{column}' holds a vector of {length} values in this row, but its type says "
                + $"{size}; give every row {size} values (NaN for a missing one).");
        }
    }
}
