using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.MlNet;

namespace MlNetDl.Tests.MlNet;

/// <summary>A saved model in another process, on a host without libtorch and with TorchSharp.dll deleted.</summary>
[Collection("torch")]
public sealed class ScoringHostTests
{
    private static string Host => Path.Combine(ChildProcess.OutputOf("tests/hosts/ScoringHost"), "ScoringHost.dll");

    [Fact]
    public void Scores_bit_for_bit_the_same_without_torch_and_without_registration()
    {
        using var folder = new TemporaryFolder();
        var (expected, chain) = Prepare(folder);
        var host = CopyHost(folder, deleteLibrary: false);
        foreach (var mode in (string[])["zip", "engine"])
        {
            var (code, output, error) = ChildProcess.Dotnet(host, mode, folder["model.zip"], folder["rows.csv"], "4");
            Assert.True(code == 0, error);
            Assert.Equal(expected, output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            Assert.EndsWith("loaded: MlNetDl", error.TrimEnd(), StringComparison.Ordinal);
        }

        Assert.NotNull(chain);
    }

    [Fact]
    public void A_plain_onnx_runs_in_a_host_without_this_library()
    {
        using var folder = new TemporaryFolder();
        var (expected, _) = Prepare(folder);
        var (code, output, error) = ChildProcess.Dotnet(
            CopyHost(folder, deleteLibrary: true), "onnx", folder["model.onnx"], folder["rows.csv"], "4");
        Assert.True(code == 0, error);
        Assert.EndsWith("loaded:", error.TrimEnd(), StringComparison.Ordinal);
        var real = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(expected.Length, real.Length);
        foreach (var (a, b) in expected.SelectMany(Values).Zip(real.SelectMany(Values)))
        {
            Assert.Equal(a, b, 1e-5f);
        }

        static IEnumerable<float> Values(string row) => row.Split(',').Select(v => float.Parse(v, CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Scoring_writes_nothing_below_the_users_home_and_warns_of_nothing()
    {
        using var folder = new TemporaryFolder();
        var (expected, _) = Prepare(folder);
        Directory.CreateDirectory(folder["home"]);
        File.WriteAllText(folder["file"], "no folder");
        foreach (var home in (string[])[folder["home"], folder["file"]])
        {
            var (code, output, error) = ChildProcess.Dotnet(At(home), Host, "zip", folder["model.zip"], folder["rows.csv"], "4");
            Assert.True(code == 0, error);
            Assert.Equal(expected, output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            Assert.Equal("loaded: MlNetDl", error.Replace("TorchSharp", "", StringComparison.Ordinal).Trim());
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(folder["home"]));
    }

    [Fact]
    public void A_host_that_has_started_ONNX_Runtime_itself_scores_the_same()
    {
        using var folder = new TemporaryFolder();
        var (expected, _) = Prepare(folder);
        var (code, output, error) = ChildProcess.Dotnet(At(folder.Path), Host, "own", folder["model.zip"], folder["rows.csv"], "4");
        Assert.True(code == 0, error);
        Assert.Equal(expected, output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    // Where tests run, variables that ONNX Runtime knows may have turned its telemetry off already.
    private static (string, string?)[] At(string home) =>
    [
        ("HOME", home),
        .. ((string[]) [
            "XDG_CACHE_HOME", "ORT_DISABLE_TELEMETRY", "ORT_RUNNING_UNIT_TESTS", "CI", "GITHUB_ACTIONS", "TF_BUILD",
            "GITLAB_CI", "JENKINS_URL", "TEAMCITY_VERSION", "TRAVIS", "CIRCLECI", "APPVEYOR", "BUILDKITE",
            "CODEBUILD_BUILD_ID", "SYSTEM_TEAMFOUNDATIONCOLLECTIONURI",
        ])
            .Select(name => (name, (string?)null)),
    ];

    private static (string[] Expected, ITransformer Model) Prepare(TemporaryFolder folder)
    {
        var ml = new MLContext(seed: 1);
        var data = MulticlassTests.Iris(ml);
        var keyed = ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
        var model = ml.MulticlassClassification.Trainers.NeuralNetwork(MulticlassTests.IrisOptions).Fit(keyed);
        ml.Model.SaveAtomically(model, null, folder["model.zip"]);
        model.ExportOnnx(folder["model.onnx"]);
        var features = data.GetColumn<float[]>("Features").Take(70).ToList();
        File.WriteAllLines(folder["rows.csv"], features.Select(Line));
        return ([.. model.Transform(data).GetColumn<float[]>("Score").Take(70).Select(Line)], model);

        static string Line(float[] row) => string.Join(",", row.Select(v => v.ToString("R", CultureInfo.InvariantCulture)));
    }

    private static string CopyHost(TemporaryFolder folder, bool deleteLibrary)
    {
        folder.Copy(ChildProcess.OutputOf("tests/hosts/ScoringHost"), "host");
        Assert.Empty(Directory.EnumerateFiles(folder["host"], "*torch_cpu*", SearchOption.AllDirectories));
        File.Delete(folder["host/TorchSharp.dll"]);
        if (deleteLibrary)
        {
            File.Delete(folder["host/MlNetDl.dll"]);
        }

        return folder["host/ScoringHost.dll"];
    }
}
