// A worker that scores a stream of rows, one JSON object a line, and writes one answer a line:
//   dotnet run -c Release --project experiments/hosts/Worker -- model.zip < rows.jsonl > answers.jsonl
// A queue or a broker takes the place of the two streams.
using System.Text.Json;
using System.Threading.Channels;
using Hosts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

if (args is not [var path])
{
    Console.Error.WriteLine("usage: Worker MODEL.zip < rows.jsonl");
    return 2;
}

ServedModel model;
try
{
    model = new(path);
    _ = model.TakesPictures ? throw new FormatException("it takes pictures, and this worker reads rows") : true;
}
catch (Exception e)
{
    Console.Error.WriteLine($"Worker: the model '{path}' cannot be served: {e.GetBaseException().Message.ReplaceLineEndings(" ")}");
    return 1;
}

var builder = Host.CreateApplicationBuilder();
builder.Logging.ClearProviders();
builder.Services.AddSingleton(model).AddHostedService<StreamScorer>();
await builder.Build().RunAsync();
return Environment.ExitCode;

/// <summary>Reads ahead while it scores: what has come meanwhile is the next batch, so a slow stream is answered at once and a fast one in batches.</summary>
internal sealed class StreamScorer(ServedModel model, IHostApplicationLifetime lifetime) : BackgroundService
{
    private const int MostRows = 256;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Bounded: a fast stream waits for the scorer, in place of filling the memory.
        var lines = Channel.CreateBounded<string>(4 * MostRows);
        var reading = Task.Run(() => Read(lines.Writer, stoppingToken), stoppingToken);
        var batch = new List<string>();
        while (await lines.Reader.WaitToReadAsync(stoppingToken))
        {
            batch.Clear();
            while (batch.Count < MostRows && lines.Reader.TryRead(out var line))
            {
                batch.Add(line);
            }

            Answer(batch);
        }

        await reading;
        lifetime.StopApplication();
    }

    private static async Task Read(ChannelWriter<string> lines, CancellationToken stop)
    {
        Exception? failure = null;
        try
        {
            while (await Console.In.ReadLineAsync(stop) is { } line)
            {
                await lines.WriteAsync(line, stop);
            }
        }
        catch (Exception e)
        {
            failure = e;
        }
        finally
        {
            lines.TryComplete(failure);
        }
    }

    // ML.NET wraps what a row threw.
    private static bool IsOfRow(Exception e) => e.GetBaseException() is JsonException or FormatException or ArgumentException or InvalidOperationException;

    private void Answer(List<string> batch)
    {
        try
        {
            var rows = batch.ConvertAll(line => JsonDocument.Parse(line).RootElement);
            model.Predict(rows).ToList().ForEach(a => Console.WriteLine(JsonSerializer.Serialize(a)));
        }
        catch (Exception e) when (batch.Count > 1 && IsOfRow(e))
        {
            // One bad row must not cost the others their answers.
            batch.ForEach(line => Answer([line]));
        }
        catch (Exception e) when (IsOfRow(e))
        {
            Console.WriteLine(JsonSerializer.Serialize(new { error = e.GetBaseException().Message }));
            Environment.ExitCode = 1;
        }
    }
}
