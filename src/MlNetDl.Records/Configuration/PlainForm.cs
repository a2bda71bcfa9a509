using System.Text.Json.Nodes;

namespace MlNetDl.Configuration;

/// <summary>What <see cref="RecordChecker"/> makes of a configuration.</summary>
/// <param name="Node">The plain form; of no use where there are problems.</param>
/// <param name="Problems">The problems of form: unknown and missing keys, and values of another kind.</param>
/// <param name="Parts">The largest values without such a problem; none where the whole has none.</param>
/// <param name="Written">Where the values stand in what was written.</param>
internal sealed record PlainForm(
    JsonNode? Node, IReadOnlyList<ConfigurationException> Problems, IReadOnlyList<RecordPart> Parts, WrittenPaths Written);

/// <summary>A value in its plain form, which can be bound without the record around it.</summary>
/// <param name="Node">The value.</param>
/// <param name="Type">What its member or list takes.</param>
/// <param name="Range">The range that stands beside its member; <see langword="null"/> where there is none.</param>
/// <param name="Path">Where it stands.</param>
internal sealed record RecordPart(JsonNode? Node, Type Type, DeclaredRange? Range, string Path);
