using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.MlNet;

namespace MlNetDl.Tests.MlNet;

/// <summary>What a service needs of a model: many threads, a pool of engines, traces and measurements, and a word where a library is missing.</summary>
[Collection("torch")]
public sealed class HostingTests
{
    private readonly MLContext ml = new(seed: 1);

    [Fact]
    public void Engines_of_a_pool_share_one_model_and_predict_the_same_from_any_thread()
    {
        var (data, trainer) = TrainerContractTests.Case(ml, PredictionTask.Binary, o => o.Training = o.Training with { Epochs = 2 });
        using var model = trainer.Fit(data);
        var rows = TrainerContractTests.Rows().ToList();
        var expected = TrainerContractTests.Scores(model.Transform(data));
        var pool = new ConcurrentBag<PredictionEngine<TrainerContractTests.Row, Answer>>();
        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            // An engine that is disposed of must not take the shared model with it.
            var engine = pool.TryTake(out var free) ? free : ml.Model.CreatePredictionEngine<TrainerContractTests.Row, Answer>(
                model, new PredictionEngineOptions { OwnsTransformer = false });
            Assert.Equal(expected[i % 90], engine.Predict(rows[i % 90]).Score, 1e-4f);
            if (i % 7 == 0)
            {
                engine.Dispose();
            }
            else
            {
                pool.Add(engine);
            }
        });
        Assert.Equal(expected, TrainerContractTests.Scores(model.Transform(data)));
    }

    [Fact]
    public void Trainings_and_batches_are_traced_and_measured_by_the_documented_names()
    {
        var activities = new ConcurrentBag<string>();
        var sums = new ConcurrentDictionary<string, double>();
        using var traces = new ActivityListener
        {
            ShouldListenTo = source => source.Name == MlNetDlDiagnostics.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = a => activities.Add($"{a.OperationName} {string.Join(' ', a.TagObjects.Select(t => t.Value))}"),
        };
        ActivitySource.AddActivityListener(traces);
        using var meter = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == MlNetDlDiagnostics.Name)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meter.SetMeasurementEventCallback<long>((i, value, _, _) => sums.AddOrUpdate(i.Name, value, (_, sum) => sum + value));
        meter.SetMeasurementEventCallback<double>((i, _, _, _) => sums.AddOrUpdate(i.Name, 1, (_, sum) => sum + 1));
        meter.Start();

        var (data, trainer) = TrainerContractTests.Case(ml, PredictionTask.Binary, o => o.Training = o.Training with { Epochs = 1 });
        using var model = trainer.Fit(data);
        _ = TrainerContractTests.Scores(model.Transform(data));
        Assert.Contains("mlnetdl.fit BinaryClassification auto", activities);
        Assert.Contains("mlnetdl.score model 64", activities);
        Assert.Contains("mlnetdl.score model 26", activities);
        Assert.Equal(1, sums["mlnetdl.training.data.duration"]);
        Assert.Equal((90, 2, 1), (sums["mlnetdl.scoring.rows"], sums["mlnetdl.scoring.duration"], sums["mlnetdl.training.duration"]));
    }

    [Fact]
    public void A_missing_native_library_is_one_message_that_names_the_packages()
    {
        using var folder = new TemporaryFolder();
        var (data, trainer) = TrainerContractTests.Case(ml, PredictionTask.Multiclass, o => o.Training = o.Training with { Epochs = 1 });
        ml.Model.SaveAtomically(trainer.Fit(data), null, folder["model.zip"]);
        File.WriteAllText(folder["rows.csv"], "1,2,3\n");
        folder.Copy(ChildProcess.OutputOf("tests/hosts/ScoringHost"), "host");
        foreach (var file in Directory.EnumerateFiles(folder["host"], "*onnxruntime*", SearchOption.AllDirectories).ToList())
        {
            if (Path.GetFileName(file) != "Microsoft.ML.OnnxRuntime.dll")
            {
                File.Delete(file);
            }
        }

        var (code, _, error) = ChildProcess.Dotnet(folder["host/ScoringHost.dll"], "zip", folder["model.zip"], folder["rows.csv"], "3");
        Assert.NotEqual(0, code);
        Assert.Contains("OnnxRuntimeNotFoundException: Scoring needs the native library of ONNX Runtime", error, StringComparison.Ordinal);
        Assert.Contains("Microsoft.ML.OnnxRuntime.Gpu (NVIDIA GPU)", error, StringComparison.Ordinal);
    }

    private sealed class Answer
    {
        public float Score { get; set; }
    }
}
