using System.Runtime.InteropServices;

namespace MlNetDl.Configuration;

/// <summary>The code of a component (a layer, a loss, an optimiser, …) failed, or gave what it may not. The message says
/// which component, where it stands, in which member, and why.</summary>
public sealed class ComponentException : Exception
{
    /// <summary>A component's code threw.</summary>
    /// <param name="component">The component.</param>
    /// <param name="member">The member that failed, such as <c>OutputShape</c>.</param>
    /// <param name="reason">What the code threw.</param>
    /// <param name="place">Where the component stands, such as the path of a layer; empty where it has no place.</param>
    /// <param name="advice">What to do, as a sentence; empty where the reason says it.</param>
    public ComponentException(object component, string member, Exception reason, string place = "", string advice = "")
        : this(component, member, Text(reason), place, advice, reason)
    {
    }

    /// <summary>A component gave what it may not.</summary>
    /// <param name="component">The component.</param>
    /// <param name="member">The member that gave it, such as <c>OutputShape</c>.</param>
    /// <param name="reason">What it gave, and what was expected, as a sentence.</param>
    /// <param name="place">Where the component stands; empty where it has no place.</param>
    public ComponentException(object component, string member, string reason, string place = "")
        : this(component, member, reason, place, "", null)
    {
    }

    private ComponentException(object component, string member, string reason, string place, string advice, Exception? inner)
        : base($"{(place.Length == 0 ? "" : $"{place}: ")}{Named(component)} failed in {member}: {reason}"
            + (advice.Length == 0 ? "" : $" {advice}"), inner)
    {
    }

    /// <summary>How messages name a component: <c>the layer 'conv2d'</c>, or by its type where no catalog names
    /// it.</summary>
    public static string Named(object component)
    {
        ArgumentNullException.ThrowIfNull(component);
        var type = component.GetType();
        return CatalogRegistry.For(type) is not { } catalog ? type.Name
            : catalog.EntryOf(type) is { } entry ? $"the {catalog.Kind} '{entry.Name}'"
            : $"the {catalog.Kind} {type.Name}";
    }

    /// <summary>Calls a component's code; what it throws names the component.</summary>
    internal static T Told<T>(object component, string member, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception e) when (e is not (ComponentException or OperationCanceledException))
        {
            throw new ComponentException(component, member, e);
        }
    }

    // Torch puts a dump of native frames behind the first line.
    private static string Text(Exception reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        var text = reason is ExternalException ? reason.Message.Split('\n')[0].TrimEnd() : reason.Message;
        return text.EndsWith('.') ? text : $"{text}.";
    }
}
