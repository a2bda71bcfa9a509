// A web service that loads a model .zip of `mldl run` and answers requests:
//   dotnet run -c Release --project experiments/hosts/WebApi -- runs/quickstart/best/model.zip
//   curl --data-binary @digit.png http://127.0.0.1:5080/predict                       a picture
//   curl -F a=@one.png -F b=@two.png http://127.0.0.1:5080/predict                    several
//   OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4317 dotnet run …                    traces and measurements to a collector
//   curl --json '[{"width": 1.5, "kind": "a"}]' http://127.0.0.1:5080/predict         rows of a table, or one object
using System.Text.Json;
using System.Threading.RateLimiting;
using Hosts;
using Microsoft.AspNetCore.RateLimiting;
using MlNetDl.Images;
using MlNetDl.MlNet;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

if (args.Length == 0)
{
    Console.Error.WriteLine("usage: WebApi MODEL.zip [--urls http://127.0.0.1:5080]");
    return 2;
}

ServedModel model;
try
{
    model = new(args[0]);
}
catch (Exception e)
{
    // Whatever a broken file makes of ML.NET, an operator reads one line.
    Console.Error.WriteLine($"WebApi: the model '{args[0]}' cannot be served: {e.GetBaseException().Message.ReplaceLineEndings(" ")}");
    return 1;
}

var builder = WebApplication.CreateSlimBuilder(args[1..]);
builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, builder.Configuration["urls"] ?? "http://127.0.0.1:5080");

// What strangers send is bounded: the size of a request, its rows, the pixels that a file claims (in the model), and how many are scored at once.
const long MostBytes = 16 << 20;
const int MostRows = 1000;
builder.WebHost.ConfigureKestrel(options => options.Limits.MaxRequestBodySize = MostBytes);
builder.Services.AddRateLimiter(options =>
{
    options.RejectionStatusCode = StatusCodes.Status503ServiceUnavailable;
    options.AddConcurrencyLimiter("predict", limit => (limit.PermitLimit, limit.QueueLimit) = (Environment.ProcessorCount, 64));
});

// Traces and measurements go to the collector that the usual variable names; without it nobody listens, which costs nothing.
if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 })
{
    builder.Services.AddOpenTelemetry()
        .ConfigureResource(resource => resource.AddService("mlnetdl-webapi"))
        .WithTracing(traces => traces.AddAspNetCoreInstrumentation().AddSource(MlNetDlDiagnostics.Name))
        .WithMetrics(metrics => metrics.AddAspNetCoreInstrumentation().AddMeter(MlNetDlDiagnostics.Name))
        .UseOtlpExporter();
}

var app = builder.Build();
app.UseRateLimiter();
app.MapGet("/health", () => Results.Text("ok"));
app.MapPost("/predict", async (HttpRequest request) =>
{
    try
    {
        if (!model.TakesPictures)
        {
            using var json = await JsonDocument.ParseAsync(request.Body);
            bool several = json.RootElement.ValueKind == JsonValueKind.Array;
            return Answer(model.Predict(Bounded<JsonElement>(several ? [.. json.RootElement.EnumerateArray()] : [json.RootElement])), several);
        }

        if (!request.HasFormContentType)
        {
            return Answer(model.Predict([await Bytes(request.Body)]), several: false);
        }

        var files = new List<byte[]>();
        foreach (var file in (await request.ReadFormAsync()).Files)
        {
            using var stream = file.OpenReadStream();
            files.Add(await Bytes(stream));
        }

        return Answer(model.Predict(Bounded<byte[]>(files)), several: true);
    }
    catch (Exception e) when (e.GetBaseException() is ImageFormatException or FormatException or JsonException or InvalidDataException)
    {
        // ML.NET wraps what a row threw on a thread of its own.
        return Results.Text(e.GetBaseException().Message, statusCode: StatusCodes.Status400BadRequest);
    }
}).RequireRateLimiting("predict");
app.Run();
return 0;

static IReadOnlyList<T> Bounded<T>(IReadOnlyList<T> rows) => rows.Count is > 0 and <= MostRows ? rows
    : throw new FormatException($"The request has {rows.Count} rows; expected 1 to {MostRows}.");

static async Task<byte[]> Bytes(Stream stream)
{
    using var copy = new MemoryStream();
    await stream.CopyToAsync(copy);
    return copy.ToArray();
}

static IResult Answer(IReadOnlyList<Dictionary<string, object?>> answers, bool several) => Results.Text(
    several ? JsonSerializer.Serialize(answers) : JsonSerializer.Serialize(answers[0]), "application/json");
