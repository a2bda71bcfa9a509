namespace MlNetDl.Configuration;

/// <summary>A problem of a value of a record.</summary>
/// <param name="Path">The place in dotted keys. For a rule of a record, the place below that record, such as
/// <c>lower</c>.</param>
/// <param name="Text">The problem, worded to follow the path: <c>must be 1 or more but is 0.</c></param>
public sealed record RecordProblem(string Path, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => Path.Length == 0 ? Text : $"{Path} {Text}";
}

/// <summary>A record with rules that declared ranges cannot express, such as rules between its members.</summary>
public interface ICheckedRecord
{
    /// <summary>The problems of this record. Ranges of its members, and the members' own problems, are found
    /// elsewhere.</summary>
    IEnumerable<RecordProblem> Problems();
}
