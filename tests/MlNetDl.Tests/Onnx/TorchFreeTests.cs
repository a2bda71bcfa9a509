using MlNetDl.Models;
using System.Reflection;
using System.Runtime.Loader;
using MlNetDl.Onnx;

namespace MlNetDl.Tests.Onnx;

/// <summary>A host that only scores has no TorchSharp.dll: the library, loaded afresh where TorchSharp cannot be found,
/// reads and scores a package.</summary>
public sealed class TorchFreeTests
{
    [Fact]
    public void Scoring_never_asks_for_TorchSharp()
    {
        var package = Nets.Package().ToBytes();
        var context = new WithoutTorch();
        var score = context.LoadFromAssemblyPath(typeof(TorchFreeTests).Assembly.Location)
            .GetType(typeof(TorchFreeTests).FullName!)!
            .GetMethod(nameof(Score))!;
        Assert.Equal(Score(package), (float[])score.Invoke(null, [package])!);
        Assert.DoesNotContain("TorchSharp", context.Asked);
        Assert.Contains("MlNetDl", context.Asked);
    }

    public static float[] Score(byte[] bytes)
    {
        var package = ModelPackage.Read(bytes);
        _ = package.ReadWeights();
        var scores = new float[6];
        using var scorer = new OnnxScorer(
            package.ToOnnx(),
            "input",
            [4],
            [("output", 3)],
            package.Manifest.Task is MlNetDl.Tasks.MulticlassClassification ? new() : ScoringOptions.Default);
        scorer.Run([1, 2, 3, 4, 5, 6, 7, 8], 2, scores);
        return scores;
    }

    private sealed class WithoutTorch() : AssemblyLoadContext("without torch")
    {
        public List<string> Asked { get; } = [];

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            Asked.Add(assemblyName.Name!);
            return assemblyName.Name switch
            {
                "TorchSharp" => throw new FileNotFoundException("TorchSharp.dll was deleted."),
                // Its own vocabulary too: catalogs of this copy must not be registered beside those of the tests.
                "MlNetDl" or "MlNetDl.Records" => LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, assemblyName.Name + ".dll")),
                _ => null,
            };
        }
    }
}
