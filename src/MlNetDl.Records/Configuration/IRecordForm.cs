using System.Text.Json.Nodes;

namespace MlNetDl.Configuration;

/// <summary>What the converter of a type that has a form of its own (<c>[JsonConverter]</c>) says of that form, so that editors know it.</summary>
public interface IRecordForm
{
    /// <summary>The JSON schema of the form.</summary>
    JsonObject Schema { get; }
}
