// A web service that loads a model .zip of `mldl run` and says what is on a picture:
//   dotnet run -c Release --project experiments/hosts/WebApi -- runs/quickstart/best/model.zip
//   curl --data-binary @digit.png http://127.0.0.1:5080/predict
using System.Text.Json;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.ObjectPool;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MlNetDl.Images;

if (args.Length == 0)
{
    Console.Error.WriteLine("usage: WebApi MODEL.zip [--urls http://127.0.0.1:5080]");
    return 2;
}

var builder = WebApplication.CreateSlimBuilder(args[1..]);
builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, builder.Configuration["urls"] ?? "http://127.0.0.1:5080");

// What strangers send is bounded: the size of a file, the pixels that it claims (ImageDecoder.Load), and how many are decoded at once.
const long MostBytes = 16 << 20;
builder.WebHost.ConfigureKestrel(options => options.Limits.MaxRequestBodySize = MostBytes);
builder.Services.AddRateLimiter(options =>
{
    options.RejectionStatusCode = StatusCodes.Status503ServiceUnavailable;
    options.AddConcurrencyLimiter("predict", limit => (limit.PermitLimit, limit.QueueLimit) = (Environment.ProcessorCount, 64));
});

// A PredictionEngine serves one thread at a time; a pool lends one to each request. The model is
// loaded once and shared.
var ml = new MLContext();
ITransformer model;
try
{
    model = ml.Model.Load(args[0], out _);
}
catch (Exception e) when (e is IOException or FormatException or InvalidOperationException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"WebApi: the model '{args[0]}' cannot be loaded: {e.Message}");
    return 1;
}

builder.Services.AddSingleton<ObjectPool<PredictionEngine<Picture, Answer>>>(
    new DefaultObjectPool<PredictionEngine<Picture, Answer>>(new Engines(ml, model)));

var app = builder.Build();
app.UseRateLimiter();
app.MapGet("/health", () => Results.Text("ok"));
app.MapPost("/predict", async (HttpRequest request, ObjectPool<PredictionEngine<Picture, Answer>> engines) =>
{
    using var body = new MemoryStream();
    await request.Body.CopyToAsync(body);
    MLImage image;
    try
    {
        // Upright, as in training, and of bounded size: MLImage.CreateFromStream is neither.
        image = ImageDecoder.Load(body.GetBuffer().AsSpan(0, (int)body.Length), "body");
    }
    catch (ImageFormatException e)
    {
        return Results.BadRequest(e.Message);
    }

    var engine = engines.Get();
    try
    {
        using (image)
        {
            var answer = engine.Predict(new() { Image = image });
            return Results.Text(
                JsonSerializer.Serialize(new Dictionary<string, object>
                {
                    ["predicted"] = answer.PredictedLabelValue,
                    ["probability"] = answer.Score.Max(),
                }),
                "application/json");
        }
    }
    finally
    {
        engines.Return(engine);
    }
}).RequireRateLimiting("predict");
app.Run();
return 0;

internal sealed class Engines(MLContext ml, ITransformer model) : PooledObjectPolicy<PredictionEngine<Picture, Answer>>
{
    // Disposing of an engine must not take the shared model with it.
    public override PredictionEngine<Picture, Answer> Create() =>
        ml.Model.CreatePredictionEngine<Picture, Answer>(model, new PredictionEngineOptions { OwnsTransformer = false });

    public override bool Return(PredictionEngine<Picture, Answer> obj) => true;
}

internal sealed class Picture
{
    // Pictures of any size: the model scales them to its own.
    [ImageType(28, 28)]
    public MLImage Image { get; set; } = null!;
}

internal sealed class Answer
{
    public float[] Score { get; set; } = [];

    public string PredictedLabelValue { get; set; } = "";
}
