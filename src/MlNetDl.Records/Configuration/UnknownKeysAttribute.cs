namespace MlNetDl.Configuration;

/// <summary>What a message of an unknown key of a record says at its end: where such keys belong.</summary>
/// <param name="advice">A sentence.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class UnknownKeysAttribute(string advice) : Attribute
{
    /// <summary>The sentence.</summary>
    public string Advice => advice;

    /// <summary>That of a type behind a blank; empty where it has none.</summary>
    public static string Of(Type type) => GetCustomAttribute(type, typeof(UnknownKeysAttribute)) is UnknownKeysAttribute found ? $" {found.Advice}" : "";
}
