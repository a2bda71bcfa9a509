using System.Reflection;
using System.Text;
using Microsoft.ML;
using MlNetDl.MlNet;
using MlNetDl.MlNet.Internals;
using MlNetDl.Networks;
using MlNetDl.Tests.Architecture;

namespace MlNetDl.Tests.MlNet;

/// <summary>Another ML.NET works when it has every member that is used, and is one clear error when
/// it lacks one.</summary>
[Collection("torch")]
public sealed class MlNetVersionTests
{
    [Fact]
    public void The_supported_version_is_the_one_that_was_built_against()
    {
        Assembly core = typeof(ITransformer).Assembly, data = typeof(MLContext).Assembly;
        Assert.StartsWith(
            $"{MlNetVersionException.Supported}+",
            core.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
            StringComparison.Ordinal);
        Assert.StartsWith(
            $"{MlNetVersionException.Supported}+",
            data.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
            StringComparison.Ordinal);
        Assert.Equal(
            (MlNetVersion.CoreBuild, MlNetVersion.DataBuild),
            (core.ManifestModule.ModuleVersionId, data.ManifestModule.ModuleVersionId));
        Assert.True(MlNetVersion.IsKnown(MlNetVersion.CoreBuild, MlNetVersion.DataBuild));
        Assert.False(MlNetVersion.IsKnown(Guid.NewGuid(), MlNetVersion.DataBuild));
        Assert.False(MlNetVersion.IsKnown(MlNetVersion.CoreBuild, Guid.NewGuid()));
    }

    [Fact]
    public void A_build_that_is_known_is_not_looked_into() => MlNetVersion.Check(
        isKnown: true,
        () => throw new InvalidOperationException("looked"),
        () => throw new InvalidOperationException("read"));

    [Fact]
    public void Another_build_is_looked_into_and_refused_for_what_it_lacks()
    {
        int looked = 0;
        IReadOnlyList<string> missing = [];
        MlNetVersion.Check(isKnown: false, Look, () => throw new InvalidOperationException("read"));
        Assert.Equal(1, looked);
        missing = ["Microsoft.ML.VersionInfo..ctor", "Microsoft.ML.SignatureLoadModel"];
        var error = Assert.Throws<MlNetVersionException>(() => MlNetVersion.Check(
            isKnown: false, Look, () => [("Microsoft.ML.Core", "5.0.2"), ("Microsoft.ML.Data", "4.0.3")]));
        Assert.Equal(missing, error.Missing);
        Assert.Equal(
            "This version of ML.NET does not suit MlNetDl: found Microsoft.ML.Core 5.0.2, Microsoft.ML.Data 4.0.3; "
                + $"supported is {MlNetVersionException.Supported}. It lacks Microsoft.ML.VersionInfo..ctor, "
                + $"Microsoft.ML.SignatureLoadModel. Reference Microsoft.ML {MlNetVersionException.Supported} in the "
                + "application, or a version of MlNetDl made for this ML.NET.",
            error.Message);

        IReadOnlyList<string> Look()
        {
            looked++;
            return missing;
        }
    }

    [Fact]
    public void Every_internal_member_that_is_used_is_looked_for_and_found()
    {
        Assert.Empty(RequiredMembers.Missing());
        var looked = RequiredMembers.Missing(typeof(NeuralNetworkTrainer).Module, (_, _) => false);
        var members = RequiredMembers.Missing(typeof(NeuralNetworkTrainer).Module, (_, token) => IsType(token));
        Assert.Empty(InternalMembersTests.Known.Except(looked).Except(members));
        Assert.Contains("Microsoft.ML.ModelLoadContext", looked);
        Assert.Contains("Microsoft.ML.ModelLoadContext.TryLoadBinaryStream", members);

        static bool IsType(int token) => token >> 24 == 1;
    }

    /// <summary>A host beside which lies an ML.NET of another version; in it members are renamed, which is what a
    /// runtime sees of one that is gone.</summary>
    [Theory]
    [InlineData(null, null)]
    [InlineData("Microsoft.ML.Core.dll", "TryLoadBinaryStream")]
    [InlineData("Microsoft.ML.Core.dll", "SaveBinaryStream")]
    [InlineData("Microsoft.ML.Data.dll", "GetEnvironment")]
    public void A_host_that_loads_a_model_gets_one_error_for_a_missing_member_and_none_otherwise(string? assembly, string? member)
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(seed: 1);
        var (data, trainer) = TrainerContractTests.Case(ml, PredictionTask.Multiclass, o => o.Training = o.Training with { Epochs = 1 });
        ml.Model.Save(trainer.Fit(data), null, folder["model.zip"]);
        File.WriteAllLines(folder["rows.csv"], ["1,2,3"]);
        folder.Copy(ChildProcess.OutputOf("tests/hosts/ScoringHost"), "host");
        foreach (var file in (string[])["Microsoft.ML.Core.dll", "Microsoft.ML.Data.dll"])
        {
            Patch(folder[$"host/{file}"], file == assembly ? member : null);
        }

        var (code, output, error) = ChildProcess.Dotnet(
            folder["host/ScoringHost.dll"], "zip", folder["model.zip"], folder["rows.csv"], "3");
        if (member is null)
        {
            Assert.True(code == 0, error);
            Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            return;
        }

        Assert.NotEqual(0, code);
        Assert.Contains(
            $"{nameof(MlNetVersionException)}: This version of ML.NET does not suit MlNetDl: found Microsoft.ML.Core "
                + $"5.0.9, Microsoft.ML.Data 5.0.9; supported is {MlNetVersionException.Supported}. It lacks ",
            error,
            StringComparison.Ordinal);
        Assert.Contains($".{member}", error, StringComparison.Ordinal);
        Assert.DoesNotContain("MissingMethodException", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_that_trains_gets_it_before_anything_else()
    {
        using var folder = new TemporaryFolder();
        folder.Copy(ChildProcess.OutputOf("tests/hosts/TorchHost"), "host");
        Patch(folder["host/Microsoft.ML.Core.dll"], "SaveBinaryStream");
        Patch(folder["host/Microsoft.ML.Data.dll"], "GetEnvironment");
        var (code, _, error) = ChildProcess.Dotnet(folder["host/TorchHost.dll"], "train");
        Assert.NotEqual(0, code);
        Assert.StartsWith(
            $"Unhandled exception. MlNetDl.MlNet.{nameof(MlNetVersionException)}: This version "
                + "of ML.NET does not suit MlNetDl",
            error,
            StringComparison.Ordinal);
        Assert.Contains(
            "It lacks Microsoft.ML.Data.CatalogUtils.GetEnvironment, Microsoft.ML.ModelSaveContext.SaveBinaryStream.",
            error,
            StringComparison.Ordinal);
    }

    private static void Patch(string path, string? member)
    {
        var bytes = File.ReadAllBytes(path);
        Replace(Encoding.UTF8.GetBytes($"{MlNetVersionException.Supported}+"), Encoding.UTF8.GetBytes("5.0.9+"));
        Replace(
            (path.Contains("Core", StringComparison.Ordinal) ? MlNetVersion.CoreBuild : MlNetVersion.DataBuild)
                .ToByteArray(),
            Guid.NewGuid().ToByteArray());
        if (member is not null)
        {
            Replace(Encoding.UTF8.GetBytes($"\0{member}\0"), Encoding.UTF8.GetBytes($"\0X{member[1..]}\0"));
        }

        File.Delete(path);
        File.WriteAllBytes(path, bytes);

        void Replace(byte[] old, byte[] other)
        {
            int at = bytes.AsSpan().IndexOf(old);
            Assert.True(at >= 0, $"{Convert.ToHexString(old)} is not in {path}");
            other.CopyTo(bytes, at);
        }
    }
}
