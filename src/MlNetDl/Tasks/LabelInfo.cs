using System.Text.Json.Serialization;

namespace MlNetDl.Tasks;

/// <summary>The description of a label, as a <see cref="LabelForm"/> found it in a column or in a set of
/// examples.</summary>
public sealed record LabelInfo
{
    /// <summary>Values of one target, 1 or more; 1 for a class.</summary>
    public int Width { get; init; } = 1;

    /// <summary>Names of the classes by index, or of the labels where a row may have several; empty elsewhere.</summary>
    public ValueList<string> ClassNames { get; init => field = value ?? []; } = [];

    /// <summary>What no and yes are called, in this order, such as cat and dog, for a label of yes and no; <see langword="null"/> where nobody
    /// says it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<string>? YesNoNames { get; init; }

    /// <summary>The name of the class that means yes, for a label of yes and no; <see langword="null"/> where nobody says it.</summary>
    [JsonIgnore]
    public string? Positive => YesNoNames?[1];

    /// <summary>Whether another label of yes and no calls them otherwise; not where one of the two does not say it.</summary>
    internal bool HasOtherWordsThan(LabelInfo other) => YesNoNames is { } words && other.YesNoNames is { } others && !words.Equals(others);

    /// <summary>Type of the classes' values in the data; their names are the text of such values.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ClassValueType ClassValues { get; init; }

    /// <summary>Whether the label is a vector, if only of one value: the score is one then, too.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsVector { get; init; }
}
