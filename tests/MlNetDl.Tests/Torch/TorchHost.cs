namespace MlNetDl.Tests.Torch;

/// <summary>The program <c>tests/hosts/TorchHost</c>, copied into a folder, with libtorch beside it or
/// without.</summary>
internal sealed class TorchHost
{
    private static readonly string Rid = OperatingSystem.IsWindows() ? "win-x64" : OperatingSystem.IsMacOS() ? "osx-arm64" : "linux-x64";

    public TorchHost(TemporaryFolder folder, bool libtorch = true)
    {
        Folder = folder.Copy(ChildProcess.OutputOf("tests/hosts/TorchHost"), "host");
        if (libtorch)
        {
            AddLibtorch();
        }
    }

    public string Folder { get; }

    public (int Code, string Output, string Error) Run(params string[] arguments) =>
        ChildProcess.Dotnet(Path.Combine(Folder, "TorchHost.dll"), arguments);

    public void Succeed(params string[] arguments)
    {
        var (code, _, error) = Run(arguments);
        Assert.True(code == 0, error);
    }

    /// <summary>Puts beside TorchSharp's own binary what the libtorch package would.</summary>
    public void AddLibtorch()
    {
        var target = Path.GetDirectoryName(
            Directory.EnumerateFiles(Folder, "*LibTorchSharp.*", SearchOption.AllDirectories)
                .Single(f => f.Contains(Rid, StringComparison.Ordinal)))!;
        var source = Path.GetDirectoryName(
            Directory.EnumerateFiles(AppContext.BaseDirectory, "*torch_cpu.*", SearchOption.AllDirectories).First())!;
        foreach (var file in Directory.EnumerateFiles(source))
        {
            var to = Path.Combine(target, Path.GetFileName(file));
            if (File.Exists(to))
            {
                continue;
            }

            if (OperatingSystem.IsWindows())
            {
                File.Copy(file, to);
            }
            else
            {
                File.CreateSymbolicLink(to, file);
            }
        }
    }
}
