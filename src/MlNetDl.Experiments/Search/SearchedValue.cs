using System.Text.Json.Nodes;
using MlNetDl.Search;
using MlNetDl.Search.Distributions;

namespace MlNetDl.Experiments;

/// <summary>A value of an experiment, as far as a sweep chooses it: a tree with parameters in it.</summary>
internal abstract record SearchedValue
{
    /// <summary>The parameters in it, those that decide on others first.</summary>
    public abstract IEnumerable<SearchParameter> Parameters();

    /// <summary>The value where the parameters have been chosen.</summary>
    /// <param name="chosen">The options by parameter.</param>
    public abstract JsonNode? Value(IReadOnlyDictionary<string, Option> chosen);
}

/// <summary>A value that is not searched.</summary>
internal sealed record FixedValue(JsonNode? Node) : SearchedValue
{
    public override IEnumerable<SearchParameter> Parameters() => [];

    public override JsonNode? Value(IReadOnlyDictionary<string, Option> chosen) => Node?.DeepClone();
}

/// <summary>A number of a range, or one of several plain values.</summary>
internal sealed record SearchedScalar(string Name, Distribution Distribution) : SearchedValue
{
    /// <summary>The parameter that it is never below, if there is one.</summary>
    public string? AtLeast { get; init; }

    /// <summary>The parameter that it is never above, if there is one.</summary>
    public string? AtMost { get; init; }

    public override IEnumerable<SearchParameter> Parameters() => [new(Name, Distribution) { AtLeast = AtLeast, AtMost = AtMost }];

    public override JsonNode? Value(IReadOnlyDictionary<string, Option> chosen) => JsonNode.Parse(chosen[Name].Json);
}

/// <summary>One of several values with parameters or keys of their own, such as components. The parameter's options are
/// labels.</summary>
internal sealed record SearchedBranch(string Name, IReadOnlyList<(string Label, SearchedValue Value)> Branches) : SearchedValue
{
    public override IEnumerable<SearchParameter> Parameters() =>
    [
        new(Name, Choice.Of(Branches.Select(b => b.Label).ToArray())),
        .. Branches.SelectMany(b => b.Value.Parameters().Select(p => p.OnlyWhen(Name, Option.Of(b.Label)))),
    ];

    public override JsonNode? Value(IReadOnlyDictionary<string, Option> chosen) =>
        Branches.First(b => Option.Of(b.Label) == chosen[Name]).Value.Value(chosen);
}

/// <summary>Keys and values, some of them searched.</summary>
internal sealed record SearchedMembers(IReadOnlyList<(string Key, SearchedValue Value)> Members) : SearchedValue
{
    public override IEnumerable<SearchParameter> Parameters() => Members.SelectMany(m => m.Value.Parameters());

    public override JsonNode Value(IReadOnlyDictionary<string, Option> chosen) =>
        new JsonObject(Members.Select(m => KeyValuePair.Create(m.Key, m.Value.Value(chosen))));
}

/// <summary>A list, some of its items searched.</summary>
internal sealed record SearchedItems(IReadOnlyList<SearchedValue> Items) : SearchedValue
{
    public override IEnumerable<SearchParameter> Parameters() => Items.SelectMany(i => i.Parameters());

    public override JsonNode Value(IReadOnlyDictionary<string, Option> chosen) => new JsonArray([.. Items.Select(i => i.Value(chosen))]);
}

/// <summary>A list whose length is searched. An item beyond the length does not exist.</summary>
/// <param name="Length">The parameter of the length.</param>
/// <param name="Lengths">The lengths.</param>
/// <param name="Items">As many items as the longest list has.</param>
internal sealed record SearchedList(string Length, Integer Lengths, IReadOnlyList<SearchedValue> Items) : SearchedValue
{
    public override IEnumerable<SearchParameter> Parameters() =>
    [
        new(Length, Lengths),
        .. Items.SelectMany((item, i) => item.Parameters().Select(p => i < Lengths.From ? p : p.OnlyWhen(Length, LongerThan(i)))),
    ];

    public override JsonNode Value(IReadOnlyDictionary<string, Option> chosen) =>
        new JsonArray([.. Items.Take((int)chosen[Length].As<long>()).Select(i => i.Value(chosen))]);

    private Option[] LongerThan(int index) =>
        [.. Enumerable.Range(index + 1, (int)Lengths.To - index).Select(length => Option.Of(length))];
}

/// <summary>Parameters of a part of a value.</summary>
internal static class SearchedParameters
{
    /// <summary>The parameter, where another one has one of these values. A parameter that depends on a closer one stays
    /// as it is, as that one does not exist elsewhere.</summary>
    public static SearchParameter OnlyWhen(this SearchParameter parameter, string other, params Option[] values) =>
        parameter.When.Count > 0 ? parameter : parameter with { When = [new Condition(other, [.. values])] };
}
