using System.Diagnostics;
using System.Text.Json.Nodes;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace MlNetDl.Cli.Tests;

/// <summary>Runs the tool: in this process, which is fast, or as a process of its own.</summary>
internal static class Tool
{
    public static (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = Application.Run(args, output, error, "mldl");
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>Runs with <c>--json</c> and expects it to succeed.</summary>
    public static JsonNode Json(params string[] args)
    {
        var (code, output, error) = Run([.. args, "--json"]);
        Assert.True(code == 0, error);
        return JsonNode.Parse(output)!;
    }

    /// <summary>Runs and expects a failure with that code and one message, which is returned.</summary>
    public static string Fails(int expected, params string[] args)
    {
        var (code, _, error) = Run(args);
        Assert.True(code == expected, $"exit code {code}, expected {expected}: {error}");
        Assert.StartsWith("mldl: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        return error;
    }

    /// <summary>The built tool.</summary>
    public static string Dll => Path.Combine(AppContext.BaseDirectory, "mldl.dll");

    /// <summary>Copies the built tool into a folder, without libtorch.</summary>
    public static void CopyWithoutTorch(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories)
            .Where(f => !Path.GetFileName(f).Contains("torch", StringComparison.OrdinalIgnoreCase)
                || f.EndsWith("TorchSharp.dll", StringComparison.Ordinal)))
        {
            var target = Path.Combine(folder, Path.GetRelativePath(AppContext.BaseDirectory, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    /// <summary>Starts the built tool.</summary>
    public static Process Start(string workingFolder, params string[] args) =>
        Process.Start(new ProcessStartInfo("dotnet", ["exec", Dll, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingFolder,
        })!;

    /// <summary>A small experiment: an MLP on 8x8 digits.</summary>
    public const string Digits = """
        name: digits
        data: { dataset: optdigits }
        network: { type: mlp, hidden: [32] }
        training: { epochs: 3, batchSize: 64, optimizer: { type: adam, learningRate: 0.005 } }
        """;
}
