using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace MlNetDl.Tests.Architecture;

/// <summary>Which internals of ML.NET the library uses, by name: a longer list, or a new ML.NET without one of them,
/// is noticed here.</summary>
public sealed class InternalMembersTests
{
    internal static readonly string[] Known =
    [
        // The environment behind a catalog, its seed, and whether it was cancelled.
        "Microsoft.ML.Data.CatalogUtils",
        "Microsoft.ML.Data.CatalogUtils.GetEnvironment",
        "Microsoft.ML.Data.IInternalCatalog",
        "Microsoft.ML.Runtime.IHostEnvironmentInternal",
        "Microsoft.ML.Runtime.IHostEnvironmentInternal.get_Seed",
        "Microsoft.ML.Runtime.IHostEnvironmentInternal.get_GpuDeviceId",
        "Microsoft.ML.Runtime.IHostEnvironmentInternal.get_FallbackToCpu",
        "Microsoft.ML.Runtime.Contracts",
        "Microsoft.ML.Runtime.Contracts.CheckAlive",
        // Foretelling columns.
        "Microsoft.ML.SchemaShape+Column..ctor",
        // Being found in a model by PermutationFeatureImportance.
        "Microsoft.ML.ISingleFeaturePredictionTransformer",
        // Refusing to be written as ONNX.
        "Microsoft.ML.Data.IDataTransform",
        "Microsoft.ML.Data.IDataTransform.get_Source",
        "Microsoft.ML.Model.OnnxConverter.ICanSaveOnnx",
        "Microsoft.ML.Model.OnnxConverter.ICanSaveOnnx.CanSaveOnnx",
        "Microsoft.ML.Model.OnnxConverter.ISaveAsOnnx",
        "Microsoft.ML.Model.OnnxConverter.ISaveAsOnnx.SaveAsOnnx",
        "Microsoft.ML.Model.OnnxConverter.ITransformCanSaveOnnx",
        "Microsoft.ML.Model.OnnxConverter.OnnxContext",
        // Saving and loading.
        "Microsoft.ML.LoadableClassAttribute",
        "Microsoft.ML.LoadableClassAttribute..ctor",
        "Microsoft.ML.SignatureLoadModel",
        "Microsoft.ML.VersionInfo",
        "Microsoft.ML.VersionInfo..ctor",
        "Microsoft.ML.ModelLoadContext",
        "Microsoft.ML.ModelLoadContext.CheckAtModel",
        "Microsoft.ML.ModelLoadContext.TryLoadBinaryStream",
        "Microsoft.ML.ModelLoadContext.Reader",
        "Microsoft.ML.ModelSaveContext.CheckAtModel",
        "Microsoft.ML.ModelSaveContext.SaveBinaryStream",
        "Microsoft.ML.ModelSaveContext.SetVersionInfo",
        "Microsoft.ML.ModelSaveContext.Writer",
    ];

    [Fact]
    public void Only_known_internals_are_used_and_all_of_them_exist()
    {
        var used = Used().Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(used);
        Assert.Equal(Known.Order(StringComparer.Ordinal), used);
    }

    private static IEnumerable<string> Used()
    {
        using var file = new PEReader(File.OpenRead(typeof(MlNetDl.MlNet.NeuralNetworkTrainer).Assembly.Location));
        var metadata = file.GetMetadataReader();
        foreach (var handle in metadata.TypeReferences)
        {
            if (Resolve(metadata, handle) is { IsVisible: false } type)
            {
                yield return type.FullName!;
            }
        }

        foreach (var handle in metadata.MemberReferences)
        {
            var member = metadata.GetMemberReference(handle);
            if (member.Parent.Kind != HandleKind.TypeReference || Resolve(metadata, (TypeReferenceHandle)member.Parent) is not { } type)
            {
                continue;
            }

            var name = metadata.GetString(member.Name);
            const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;
            var found = type.GetMember(name, All);
            Assert.True(found.Length > 0, $"{type.FullName}.{name} is gone from ML.NET");
            if (!type.IsVisible
                || found.All(m => m is MethodBase { IsPublic: false, IsFamily: false }
                    or FieldInfo { IsPublic: false, IsFamily: false }))
            {
                yield return $"{type.FullName}.{name}";
            }
        }
    }

    private static Type? Resolve(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var reference = metadata.GetTypeReference(handle);
        var name = metadata.GetString(reference.Name);
        if (reference.ResolutionScope.Kind == HandleKind.TypeReference)
        {
            return Resolve(metadata, (TypeReferenceHandle)reference.ResolutionScope)
                ?.GetNestedType(name, BindingFlags.Public | BindingFlags.NonPublic);
        }

        if (reference.ResolutionScope.Kind != HandleKind.AssemblyReference)
        {
            return null;
        }

        var assembly = metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)reference.ResolutionScope).Name);
        if (assembly is not ("Microsoft.ML.Core" or "Microsoft.ML.Data"))
        {
            return null;
        }

        var full = $"{metadata.GetString(reference.Namespace)}.{name}";
        return Assembly.Load(assembly).GetType(full) ?? throw new Xunit.Sdk.XunitException($"{full} is gone from ML.NET");
    }
}
