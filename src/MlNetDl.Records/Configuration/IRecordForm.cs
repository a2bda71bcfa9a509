using System.Text.Json.Nodes;

namespace MlNetDl.Configuration;

/// <summary>Describes the form of a type that has a converter of its own (<c>[JsonConverter]</c>), so that editors know
/// it.</summary>
public interface IRecordForm
{
    /// <summary>The JSON schema of the form.</summary>
    JsonObject Schema { get; }
}
