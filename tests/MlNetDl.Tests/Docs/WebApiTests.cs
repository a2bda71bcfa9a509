using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
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

        await Serve(folder["model.zip"], async client =>
        {
            int right = 0;
            for (int i = 0; i < 20; i++)
            {
                var answer = await client.PostAsync("predict", new ByteArrayContent(Png((byte[])digits.Features, i)));
                right += (string?)JsonNode.Parse(
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

            using var form = new MultipartFormDataContent();
            for (int i = 0; i < 3; i++)
            {
                form.Add(new ByteArrayContent(Png((byte[])digits.Features, i)), $"f{i}", $"{i}.png");
            }

            var answers = JsonNode.Parse(await (await client.PostAsync("predict", form)).Content.ReadAsStringAsync())!.AsArray();
            Assert.Equal(3, answers.Count);
            Assert.All(answers, a => Assert.InRange((double)a!["probability"]!, 0.1, 1));
        });
    }

    [Fact]
    public async Task The_sample_answers_rows_of_a_table_one_or_many_and_names_what_is_wrong_with_one()
    {
        using var folder = new TemporaryFolder();
        SaveTable(folder["model.zip"]);
        await Serve(folder["model.zip"], async client =>
        {
            var (one, text) = await Ask(client, """{"Size": 2.5, "Kind": "b"}""");
            Assert.Equal(200, one);
            Assert.Equal("true", JsonNode.Parse(text)!["predicted"]!.ToJsonString());
            (_, text) = await Ask(client, """[{"Size": 2.5, "Kind": "b"}, {"Size": 0.5, "Kind": null}]""");
            Assert.Equal([true, false], JsonNode.Parse(text)!.AsArray().Select(a => (bool)a!["predicted"]!));
            foreach (var (body, word) in ((string, string)[])[
                ("""[{"Size": 1, "Kind": "a"}, {"Size": "x", "Kind": "a"}]""", "Row 2 has \"x\" for 'Size'; expected Single"),
                ("""{"Size": 1}""", "Row 1 lacks 'Kind'"),
                ("""{"Size": 1, "Kind": "a", "Colour": 3}""", "'Colour', which the model does not read; it reads: "),
                ("[]", "0 rows"), ("nonsense", "invalid")])
            {
                var (status, error) = await Ask(client, body);
                Assert.Equal((400, true), (status, error.Contains(word, StringComparison.Ordinal)));
            }
        });
    }

    [Fact]
    public async Task Traces_and_measurements_reach_the_collector_that_the_usual_variable_names()
    {
        using var folder = new TemporaryFolder();
        SaveTable(folder["model.zip"]);
        using var collector = new TcpListener(IPAddress.Loopback, 0);
        collector.Start();
        var told = Collected(collector, "mlnetdl.score", "mlnetdl.scoring.rows");
        await Serve(
            folder["model.zip"],
            async client =>
            {
                await Ask(client, """{"Size": 2.5, "Kind": "b"}""");
                Assert.True(await told.WaitAsync(TimeSpan.FromSeconds(60)));
            },
            ("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://{collector.LocalEndpoint}"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_BSP_SCHEDULE_DELAY", "100"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "200"));
    }

    [Fact]
    public void A_model_that_is_missing_or_broken_is_one_line_at_the_start()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["broken.zip"], "no zip");
        foreach (var path in (string[])[folder["missing.zip"], folder["broken.zip"]])
        {
            foreach (var host in (string[])["WebApi", "Worker"])
            {
                var (code, _, error) = ChildProcess.Dotnet(Path.Combine(ChildProcess.OutputOf($"experiments/hosts/{host}"), $"{host}.dll"), path);
                Assert.Equal(1, code);
                Assert.Single(error.TrimEnd().Split('\n'));
                Assert.Contains($"the model '{path}' cannot be served: ", error, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task The_worker_answers_a_stream_line_by_line_and_goes_on_behind_a_bad_one()
    {
        using var folder = new TemporaryFolder();
        SaveTable(folder["model.zip"]);
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet", ["exec", Path.Combine(ChildProcess.OutputOf("experiments/hosts/Worker"), "Worker.dll"), folder["model.zip"]])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        await process.StandardInput.WriteAsync(string.Concat(Enumerable.Range(0, 500).Select(i =>
            i == 77 ? "oops\n" : $$"""{"Size": {{(i % 2 == 0 ? "2.5" : "0.5")}}, "Kind": "b"}""" + "\n")));
        process.StandardInput.Close();
        var lines = (await process.StandardOutput.ReadToEndAsync()).TrimEnd().Split('\n');
        await process.WaitForExitAsync();
        Assert.Equal((500, 1), (lines.Length, process.ExitCode));
        Assert.NotNull(JsonNode.Parse(lines[77])!["error"]);
        Assert.All(lines.Where((_, i) => i != 77).Select((l, i) => (l, i)), l =>
            Assert.Equal((l.i < 77 ? l.i : l.i + 1) % 2 == 0, (bool)JsonNode.Parse(l.l)!["predicted"]!));
    }

    private static async Task<(int Status, string Text)> Ask(HttpClient client, string json)
    {
        using var answer = await client.PostAsync("predict", new StringContent(json, System.Text.Encoding.UTF8, "application/json"));
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    // Rows above a size of 1.5 are yes, whatever their kind.
    private static void SaveTable(string path)
    {
        var ml = new MLContext(seed: 1);
        var rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 120).Select(i =>
            new TableRow { Size = i % 30 / 10f, Kind = "ab"[i % 2].ToString(), Label = i % 30 > 15 }).ToList());
        var model = ml.Transforms.Categorical.OneHotEncoding("Kind")
            .Append(ml.Transforms.Concatenate("Features", "Size", "Kind"))
            .Append(ml.BinaryClassification.Trainers.NeuralNetwork(o => o.Training = new()
            {
                Epochs = 30,
                BatchSize = 20,
                Optimizer = new MlNetDl.Training.Optimizers.Adam { LearningRate = 0.02 },
            }))
            .Fit(rows);
        ml.Model.SaveAtomically(model, rows.Schema, path);
    }

    // Answers 200 to whatever comes, until all words have come.
    private static async Task<bool> Collected(TcpListener collector, params string[] words)
    {
        var missing = words.ToHashSet();
        while (missing.Count > 0)
        {
            using var connection = await collector.AcceptTcpClientAsync();
            var stream = connection.GetStream();
            var (buffer, text) = (new byte[1 << 16], "");
            while (!IsWhole(text))
            {
                int read = await stream.ReadAsync(buffer);
                text += Encoding.Latin1.GetString(buffer, 0, read);
                if (read == 0)
                {
                    break;
                }
            }

            missing.RemoveWhere(w => text.Contains(w, StringComparison.Ordinal));
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
        }

        return true;

        static bool IsWhole(string text)
        {
            int head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            return head >= 0 && Regex.Match(text, "(?i)content-length: (\\d+)") is { Success: true } length
                && text.Length - head - 4 >= int.Parse(length.Groups[1].Value, CultureInfo.InvariantCulture);
        }
    }

    // Starts the service, lets a client talk to it, and ends it.
    private static async Task Serve(string model, Func<HttpClient, Task> talk, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            ["exec", Path.Combine(ChildProcess.OutputOf("experiments/hosts/WebApi"), "WebApi.dll"), model, "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        try
        {
            var line = "";
            while (!line.Contains("http://127.0.0.1:", StringComparison.Ordinal))
            {
                line = await process.StandardOutput.ReadLineAsync()
                    ?? throw new InvalidOperationException("The service ended before it listened.");
            }

            using var client = new HttpClient { BaseAddress = new(line[line.IndexOf("http", StringComparison.Ordinal)..]) };
            await talk(client);
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

    private sealed class TableRow
    {
        public float Size { get; set; }

        public string Kind { get; set; } = "";

        public bool Label { get; set; }
    }

    private sealed class Picture
    {
        [ImageType(8, 8)]
        public MLImage Image { get; set; } = null!;
    }
}
