namespace MlNetDl.Configuration;

/// <summary>What is wrong with a value of a record.</summary>
/// <param name="Path">Where, in dotted keys: of a record's own problems below the record, such as <c>lower</c>.</param>
/// <param name="Text">What, to be read behind the path: <c>must be 1 or more but is 0.</c></param>
public sealed record RecordProblem(string Path, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => Path.Length == 0 ? Text : $"{Path} {Text}";
}

/// <summary>A record with rules between its members, beside the ranges that are declared.</summary>
public interface ICheckedRecord
{
    /// <summary>What is wrong with it, apart from the ranges of its members and from what its members say of themselves.</summary>
    IEnumerable<RecordProblem> Problems();
}
