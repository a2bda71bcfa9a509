namespace MlNetDl.Networks;

/// <summary>Networks within a model, which start with it and from nothing of their own.</summary>
internal static class NestedStarts
{
    /// <summary>Refuses a model in which a part says what the whole must say.</summary>
    /// <exception cref="ArgumentException">It does.</exception>
    public static void Refuse(ModelSpec? model)
    {
        if (Problem(model) is { } problem)
        {
            throw new ArgumentException($"network.{problem}");
        }
    }

    /// <summary>The problem, which begins with the key; <see langword="null"/> where there is none.</summary>
    public static string? Problem(ModelSpec? model)
    {
        foreach (var property in model?.GetType().GetProperties() ?? [])
        {
            if (!typeof(ModelSpec).IsAssignableFrom(property.PropertyType) || property.GetIndexParameters().Length > 0)
            {
                continue;
            }

            var (part, key) = (property.GetValue(model) as ModelSpec, char.ToLowerInvariant(property.Name[0]) + property.Name[1..]);
            if (part is NetworkSpec { From: not null } or NetworkSpec { Freeze: not null })
            {
                return $"{key} is a part of {model!.GetType().Name}, which says neither 'from' nor 'freeze'"
                    + (model is NetworkSpec ? "; write them beside it, for the whole network." : "; models of several networks cannot start from another yet.");
            }

            if (Problem(part) is { } deeper)
            {
                return $"{key}.{deeper}";
            }
        }

        return null;
    }
}
