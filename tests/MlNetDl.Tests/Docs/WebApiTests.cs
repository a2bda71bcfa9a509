using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MlNetDl.Data;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using SkiaSharp;

namespace MlNetDl.Tests.Docs;

/// <summary>The host sample as a process: loads a model, answers requests.</summary>
[Collection("torch")]
public sealed class WebApiTests
{
    [Fact]
    public async Task The_sample_says_which_digit_is_on_a_picture_and_refuses_what_is_none()
    {
        using var folder = new TemporaryFolder();
        var digits = Datasets.Find("optdigits")!.Load(false);
        var ml = new MLContext(seed: 1);
        var network = ml.MulticlassClassification.Trainers.NeuralNetwork(new NeuralNetworkOptions
        {
            Network = new Mlp { Hidden = [64] },
            FeatureColumnName = "Image",
            Image = new(1, 8, 8),
            Training = new() { Epochs = 8, BatchSize = 64 },
        }).Fit(digits);
        var names = ml.Transforms.Conversion.MapKeyToValue("PredictedLabelValue", "PredictedLabel")
            .Fit(network.Transform(ml.Data.LoadFromEnumerable(Array.Empty<Picture>())));
        ml.Model.SaveAtomically(new TransformerChain<ITransformer>(network, names), null, folder["model.zip"]);

        using var process = Process.Start(new ProcessStartInfo(
            "dotnet",
            [
                "exec",
                Path.Combine(ChildProcess.OutputOf("experiments/hosts/WebApi"), "WebApi.dll"),
                folder["model.zip"],
                "--urls",
                "http://127.0.0.1:0",
            ])
        {
            RedirectStandardOutput = true,
        })!;
        try
        {
            var line = "";
            while (!line.Contains("http://127.0.0.1:", StringComparison.Ordinal))
            {
                line = await process.StandardOutput.ReadLineAsync()
                    ?? throw new InvalidOperationException("The service ended before it listened.");
            }

            using var client = new HttpClient { BaseAddress = new(line[line.IndexOf("http", StringComparison.Ordinal)..]) };
            int right = 0;
            for (int i = 0; i < 20; i++)
            {
                var answer = await client.PostAsync("predict", new ByteArrayContent(Png((byte[])digits.Features, i)));
                right += (string?)System.Text.Json.Nodes.JsonNode.Parse(
                        await answer.Content.ReadAsStringAsync())!["predicted"]
                        == $"{((long[])digits.Targets!)[i]}"
                    ? 1
                    : 0;
            }

            Assert.InRange(right, 18, 20);
            Assert.Equal("ok", await client.GetStringAsync("health"));
            Assert.Equal(
                System.Net.HttpStatusCode.BadRequest,
                (await client.PostAsync("predict", new StringContent("no picture"))).StatusCode);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private static byte[] Png(byte[] pixels, int index)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(8, 8, SKColorType.Bgra8888, SKAlphaType.Opaque));
        for (int p = 0; p < 64; p++)
        {
            byte v = pixels[(index * 64) + p];
            bitmap.SetPixel(p % 8, p / 8, new SKColor(v, v, v));
        }

        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    private sealed class Picture
    {
        [ImageType(8, 8)]
        public MLImage Image { get; set; } = null!;
    }
}
