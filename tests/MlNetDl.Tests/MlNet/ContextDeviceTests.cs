using Microsoft.ML;
using MlNetDl.MlNet;
using MlNetDl.Onnx;
using MlNetDl.Torch;

namespace MlNetDl.Tests.MlNet;

/// <summary><c>MLContext.GpuDeviceId</c> and <c>FallbackToCpu</c>, on a machine without a GPU of such a number.</summary>
[Collection("torch")]
public sealed class ContextDeviceTests
{
    private const int Absent = 99;

    [Fact]
    public void Without_a_GPU_the_CPU_stands_in_and_a_warning_says_so_in_training_and_scoring()
    {
        using var folder = new TemporaryFolder();
        var (ml, warnings) = Context(fallback: true);
        var (data, trainer) = Short(ml);
        var model = trainer.Fit(data);
        var (plain, plainTrainer) = Short(new(seed: 1));
        Assert.Equal(
            TrainerContractTests.Scores(plainTrainer.Fit(plain).Transform(plain)), TrainerContractTests.Scores(model.Transform(data)));
        Assert.Contains(warnings, w => w.Contains("GpuDeviceId is 99, but libtorch finds no such CUDA device", StringComparison.Ordinal));
        Assert.Contains(warnings, w => w.Contains("GpuDeviceId is 99, but ONNX Runtime's execution provider 'cuda:99'", StringComparison.Ordinal));
        ml.Model.SaveAtomically(model, data.Schema, folder["model.zip"]);

        var (other, told) = Context(fallback: true);
        var loaded = other.Model.Load(folder["model.zip"], out _);
        Assert.Equal(TrainerContractTests.Scores(model.Transform(data)), TrainerContractTests.Scores(loaded.Transform(data)));
        Assert.Contains("The CPU stands in", Assert.Single(told), StringComparison.Ordinal);
        Assert.NotNull(loaded.WithScoring(new() { BatchSize = 3 }));
    }

    [Fact]
    public void Where_the_CPU_may_not_stand_in_nothing_is_trained_or_loaded()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(seed: 1);
        var (data, trainer) = Short(ml);
        ml.Model.SaveAtomically(trainer.Fit(data), data.Schema, folder["model.zip"]);
        (ml.GpuDeviceId, ml.FallbackToCpu) = (Absent, false);
        var error = Assert.Throws<NotSupportedException>(() => Short(ml).Trainer.Fit(data));
        Assert.Contains("TorchSharp-cuda-linux", error.Message, StringComparison.Ordinal);
        var load = Assert.ThrowsAny<Exception>(() => ml.Model.Load(folder["model.zip"], out _));
        var inner = Assert.IsType<NotSupportedException>(load.GetBaseException() is NotSupportedException n ? n : load.InnerException?.InnerException ?? load);
        Assert.Contains("Microsoft.ML.OnnxRuntime.Gpu", inner.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_name_another_device_are_refused()
    {
        var (ml, _) = Context(fallback: true);
        foreach (var device in (TrainingDevice[])[TrainingDevice.Cpu, TrainingDevice.Gpu(0)])
        {
            var (data, trainer) = Short(ml, o => o.Training = o.Training with { Device = device });
            Assert.Contains($"Training.Device is {device}", Assert.Throws<ArgumentException>(() => trainer.Fit(data)).Message, StringComparison.Ordinal);
        }

        foreach (var provider in (ScoringProvider[])[ScoringProvider.Cpu, ScoringProvider.Gpu(1), ScoringProvider.Dml])
        {
            var (data, trainer) = Short(ml, o => o.Scoring = new() { ExecutionProvider = provider });
            Assert.Contains(
                $"ExecutionProvider is {provider}", Assert.Throws<ArgumentException>(() => trainer.Fit(data)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Devices_and_providers_are_members_or_their_text()
    {
        Assert.Equal(TrainingDevice.Cpu, (TrainingDevice)"CPU");
        Assert.Equal(TrainingDevice.Gpu(2), TrainingDevice.Parse("cuda:2"));
        Assert.Equal("cuda:2", new MlNetDl.Training.TrainingOptions { Device = "cuda:2" }.Device.ToString());
        Assert.Equal(ScoringProvider.Gpu(1), (ScoringProvider)"CUDA:1");
        Assert.Equal("rocm", ScoringProvider.Parse("rocm").Name);
        foreach (var wrong in (string[])["gpu", "cuda:", "cuda:-1", "cuda:x", ""])
        {
            Assert.Contains("training.device", Assert.Throws<ArgumentException>(() => TrainingDevice.Parse(wrong)).Message, StringComparison.Ordinal);
        }

        Assert.Contains("cuda:1", Assert.Throws<ArgumentException>(() => ScoringProvider.Parse("cuda:x")).Message, StringComparison.Ordinal);
    }

    private static (MLContext Context, List<string> Warnings) Context(bool fallback)
    {
        var warnings = new List<string>();
        var ml = new MLContext(seed: 1) { GpuDeviceId = Absent, FallbackToCpu = fallback };
        ml.Log += (_, e) =>
        {
            if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
            {
                warnings.Add(e.RawMessage);
            }
        };
        return (ml, warnings);
    }

    private static (IDataView Data, NeuralNetworkTrainer Trainer) Short(MLContext ml, Action<NeuralNetworkOptions>? change = null) =>
        TrainerContractTests.Case(ml, PredictionTask.Binary, o =>
        {
            o.Training = o.Training with { Epochs = 1 };
            change?.Invoke(o);
        });
}
