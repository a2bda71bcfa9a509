using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace MlNetDl.MlNet.Internals;

/// <summary>The types and members of ML.NET's core that this assembly was compiled against, read from its own metadata:
/// no list to keep.</summary>
internal static class RequiredMembers
{
    /// <summary>Those that the loaded ML.NET does not have, signatures included.</summary>
    public static IReadOnlyList<string> Missing() => Missing(typeof(RequiredMembers).Module, Exists);

    /// <summary>Those for which <paramref name="exists"/> says no.</summary>
    /// <param name="module">The module that uses them.</param>
    /// <param name="exists">Whether a type or member reference, by its token, can be resolved.</param>
    internal static unsafe IReadOnlyList<string> Missing(Module module, Func<Module, int, bool> exists)
    {
        if (!module.Assembly.TryGetRawMetadata(out byte* blob, out int length))
        {
            return [];
        }

        var metadata = new MetadataReader(blob, length);
        var missing = new List<string>();
        foreach (var handle in metadata.TypeReferences)
        {
            if (IsOfMlNet(metadata, handle) && !exists(module, MetadataTokens.GetToken(handle)))
            {
                missing.Add(Name(metadata, handle));
            }
        }

        foreach (var handle in metadata.MemberReferences)
        {
            var member = metadata.GetMemberReference(handle);
            if (member.Parent.Kind == HandleKind.TypeReference
                && (TypeReferenceHandle)member.Parent is var type
                && IsOfMlNet(metadata, type)
                && !exists(module, MetadataTokens.GetToken(handle))
                && Name(metadata, type) is var owner
                && !missing.Contains(owner))
            {
                missing.Add($"{owner}.{metadata.GetString(member.Name)}");
            }
        }

        return [.. missing.Distinct().Order(StringComparer.Ordinal)];
    }

    // The runtime resolves a reference by name and signature here, as it will when it compiles a method.
    private static bool Exists(Module module, int token)
    {
        try
        {
            return module.ResolveMember(token) is not null;
        }
        catch (Exception e) when (e is MissingMemberException or TypeLoadException or ArgumentException
            or FileNotFoundException or BadImageFormatException)
        {
            return false;
        }
    }

    private static bool IsOfMlNet(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var scope = metadata.GetTypeReference(handle).ResolutionScope;
        return scope.Kind == HandleKind.TypeReference
            ? IsOfMlNet(metadata, (TypeReferenceHandle)scope)
            : scope.Kind == HandleKind.AssemblyReference
                && metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)scope).Name)
                    is "Microsoft.ML.Core" or "Microsoft.ML.Data" or "Microsoft.ML.DataView";
    }

    private static string Name(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var reference = metadata.GetTypeReference(handle);
        var name = metadata.GetString(reference.Name);
        return reference.ResolutionScope.Kind == HandleKind.TypeReference
            ? $"{Name(metadata, (TypeReferenceHandle)reference.ResolutionScope)}+{name}"
            : $"{metadata.GetString(reference.Namespace)}.{name}";
    }
}
