using MlNetDl.Torch;

namespace MlNetDl.Tests.Torch;

/// <summary>A program that touches torch before anything else, or trains: with libtorch, without it, and with one
/// that is damaged.</summary>
public sealed class NativeLoadingTests : IDisposable
{
    private const string Wrapped = "System.TypeInitializationException: The type initializer for 'TorchSharp.torch' threw an exception.";
    private static readonly string Rid = OperatingSystem.IsWindows() ? "win-x64" : OperatingSystem.IsMacOS() ? "osx-arm64" : "linux-x64";
    private readonly TemporaryFolder folder = new();
    private readonly TorchHost host;

    public NativeLoadingTests() => host = new(folder, libtorch: false);

    [Theory]
    [InlineData("touch")]
    [InlineData("touch", "twice")]
    public void Touching_torch_without_libtorch_names_the_package_and_copies_nothing(params string[] arguments)
    {
        var (code, output, error) = RunAndKeepFiles(arguments);
        Assert.Equal(1, code);
        Assert.Empty(output);
        var lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(2 * arguments.Length, lines.Length);
        for (int i = 0; i < lines.Length; i += 2)
        {
            Assert.Equal(Wrapped, lines[i]);
            NamesThePackage(lines[i + 1]);
        }
    }

    [Fact]
    public void Training_without_libtorch_names_the_package_and_copies_nothing()
    {
        var (code, output, error) = RunAndKeepFiles("train");
        Assert.Equal(1, code);
        Assert.Empty(output);
        NamesThePackage(Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Theory]
    [InlineData("touch", "6")]
    [InlineData("train", "40")]
    public void With_libtorch_both_work_and_nothing_is_copied(string mode, string expected)
    {
        host.AddLibtorch();
        var (code, output, error) = RunAndKeepFiles(mode);
        Assert.True(code == 0, error);
        Assert.Equal(expected, output.Trim());
    }

    [Theory]
    [InlineData("touch")]
    [InlineData("train")]
    public void A_damaged_libtorch_is_one_error_that_names_the_file(string mode)
    {
        host.AddLibtorch();
        var torch = Directory.EnumerateFiles(host.Folder, "*torch_cpu.*", SearchOption.AllDirectories).Single();
        File.Delete(torch);
        File.WriteAllText(torch, "not a library");
        var (code, output, error) = RunAndKeepFiles(mode);
        Assert.Equal(1, code);
        Assert.Empty(output);
        Assert.Contains(
            "TorchNotFoundException: Training needs libtorch. Its files are there, but the system's loader refuses",
            error,
            StringComparison.Ordinal);
        Assert.Contains(torch, error, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private static void NamesThePackage(string line)
    {
        Assert.StartsWith("MlNetDl.Torch.TorchNotFoundException: Training needs libtorch, but '", line, StringComparison.Ordinal);
        Assert.Contains(
            $"Add one package to the application: libtorch-cpu-{Rid}, version "
                + $"{TorchNotFoundException.Version("Libtorch")} (CPU)",
            line,
            StringComparison.Ordinal);
    }

    private (int Code, string Output, string Error) RunAndKeepFiles(params string[] arguments)
    {
        var before = Files();
        var result = host.Run(arguments);
        Assert.Equal(before, Files());
        return result;

        string[] Files() => [.. Directory.EnumerateFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)];
    }
}
