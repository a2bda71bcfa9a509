namespace MlNetDl.Cli.Tests;

/// <summary>A folder with runs of small autoencoders, trained once for all tests of a class.</summary>
public sealed class CodeModelsFixture : IDisposable
{
    private const string Training = "encoder: { type: mlp, hidden: [32] }, decoder: { type: mlp, hidden: [32] }";

    public CodeModelsFixture()
    {
        File.WriteAllText(Folder["digits.yaml"], $$"""
            name: digits
            data: { dataset: optdigits }
            network: { type: vae, latent: 4, peak: 16, {{Training}} }
            training: { epochs: 2, threads: 1 }
            """);
        File.WriteAllLines(Folder["rows.csv"], ["a,b", .. Enumerable.Range(0, 60).Select(i => $"{i / 60.0},{1 - (i / 60.0)}")]);
        File.WriteAllText(Folder["rows.yaml"], $$"""
            name: rows
            data: { csv: '{{Folder["rows.csv"]}}' }
            network: { type: vae, latent: 1, likelihood: gaussian, {{Training}} }
            training: { epochs: 2, threads: 1 }
            """);
        Tool.Json("run", Folder["digits.yaml"], "--output", Folder["digits"]);
        Tool.Json("run", Folder["digits.yaml"], "--output", Folder["plane"], "network.latent=2");
        Tool.Json("run", Folder["rows.yaml"], "--output", Folder["rows"]);
    }

    /// <summary>The folder.</summary>
    internal TemporaryFolder Folder { get; } = new();

    /// <summary>The model of images of 8 × 8 pixels with a code of 4 values.</summary>
    public string Digits => Folder["digits/model.zip"];

    /// <summary>The model of rows of two columns.</summary>
    public string Rows => Folder["rows/model.zip"];

    public void Dispose() => Folder.Dispose();
}
