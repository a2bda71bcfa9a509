using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MlNetDl.Configuration;

/// <summary>Facts about a record's members: whether a file may set one, leave it out or leave it empty.</summary>
internal static class RecordMembers
{
    /// <summary>Whether a record cannot be without it.</summary>
    public static bool IsRequired(JsonPropertyInfo property) => property.IsRequired
        || property.AssociatedParameter is { HasDefaultValue: false };

    /// <summary>Whether it may have no value.</summary>
    public static bool MayBeNull(JsonPropertyInfo property) => HasOwnForm(property.PropertyType) || (property.PropertyType.IsValueType
        ? Nullable.GetUnderlyingType(property.PropertyType) is not null
        : property.AssociatedParameter?.IsNullable ?? property.IsSetNullable);

    /// <summary>Whether its converter decides what null means.</summary>
    public static bool HasOwnForm(Type type) => type.IsDefined(typeof(JsonConverterAttribute), inherit: false);

    /// <summary>Whether a file can set it.</summary>
    public static bool Settable(JsonPropertyInfo property) => property.Set is not null || property.AssociatedParameter is not null;
}
