namespace MlNetDl.Search;

/// <content>What is said about trials beside their results.</content>
public sealed partial class Study
{
    /// <summary>Says something about a trial in whatever state, also a finished one. It stands in the list of trials and on the
    /// report page; samplers and pruners do not read it.</summary>
    /// <param name="number">The trial's number.</param>
    /// <param name="name">What the value is. A value of the same name is replaced.</param>
    /// <param name="value">Text, a number, or anything with a JSON form.</param>
    /// <exception cref="ArgumentException">The name is empty, or the value has no JSON form.</exception>
    /// <exception cref="StudyException">The study has no such trial.</exception>
    public void SetAttribute(int number, string name, object? value) => Store.SetAttribute(Id, number, name, StudyState.Attribute(name, value));

    /// <summary>Writes something down about a trial in whatever state. Notes stay in their order and have their time.</summary>
    /// <param name="number">The trial's number.</param>
    /// <param name="text">What; not blank.</param>
    /// <exception cref="ArgumentException">The text is blank.</exception>
    /// <exception cref="StudyException">The study has no such trial.</exception>
    public void Note(int number, string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        Store.AddNote(Id, number, text);
    }
}
