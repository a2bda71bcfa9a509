using MlNetDl.Configuration;

namespace MlNetDl.Testing;

/// <summary>The contract of every component of every kind: it is data that a configuration and a saved model can name.
/// The other contracts begin with it; by itself it is for kinds that have none of their own, such as stages and
/// initializers.</summary>
/// <remarks>Register a component before, as a host does (<c>Catalogs.Stages.Register&lt;MyStage&gt;()</c>). One that C#
/// alone uses works without; it leaves out the facts that need a name
/// (<see cref="ContractFacts.WithoutCatalog"/>).</remarks>
public static class ComponentContract
{
    /// <summary>The name of the statement that a catalog has it.</summary>
    public const string Named = "A catalog names it";

    /// <summary>The name of the statement that it is read from JSON, such as that of a saved model, as it was
    /// written. It is read by its name in a catalog.</summary>
    public const string InJson = "JSON keeps it";

    /// <summary>The name of the statement that it is read from a configuration in YAML as it was written. It is read by
    /// its name in a catalog.</summary>
    public const string InYaml = "YAML keeps it";

    /// <summary>The facts of a component.</summary>
    /// <typeparam name="T">The kind: the type of its catalog, such as <c>Stage</c>.</typeparam>
    /// <param name="component">The component; with settings that differ from their defaults more is checked.</param>
    public static IReadOnlyList<ContractFact> Of<T>(T component)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(component);
        return new FactList<T>
        {
            { Named, IsNamed },
            { "Equal settings make equal components", AreEqual },
            { InJson, c => Same(c, RecordJson.Deserialize<T>(RecordJson.Serialize(c))) },
            { InYaml, c => Same(c, FromYaml(c)) },
        }.Of(NameOf(component), component);
    }

    /// <summary>The component as a configuration in YAML gives it.</summary>
    internal static T FromYaml<T>(T component) =>
        ConfigurationDocument.Parse(ConfigurationDocument.ToYaml(new Holder<T>(component))).Bind<Holder<T>>().Component;

    /// <summary>The component's name in messages.</summary>
    internal static string NameOf(object component) => $"{component}" is { Length: <= 200 } text ? text : component.GetType().Name;

    private static void IsNamed<T>(T component)
    {
        var type = component!.GetType();
        Expect.True(
            CatalogRegistry.All.Any(c => c.BaseType.IsAssignableFrom(type) && c.EntryOf(type) is not null),
            "it is in no catalog, so neither YAML nor a saved model is read with it; register it before that, by "
                + $"Register<{type.Name}>() of the catalog of its kind.");
    }

    private static void AreEqual<T>(T component)
        where T : class
    {
        var copy = Settings.Copy(component);
        Expect.True(component.Equals(copy), "a copy is not equal. Hold lists as ValueList, and nothing that is not a setting.");
        Expect.Equal(component.GetHashCode(), copy.GetHashCode(), "its hash code");
    }

    private static void Same<T>(T component, T read)
        where T : class
    {
        Expect.True(component.Equals(read), $"it was written as {component} and read as {read}. All that makes it what "
            + "it is must be settable members.");
        Expect.Equal(component.GetHashCode(), read.GetHashCode(), "its hash code");
    }

    // A component is not a whole document.
    private sealed record Holder<T>(T Component);
}
