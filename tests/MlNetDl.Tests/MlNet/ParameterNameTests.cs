using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.MlNet;
using MlNetDl.Networks;

namespace MlNetDl.Tests.MlNet;

/// <summary>An ArgumentException names a parameter of the method that was called, or none. The analyzer's rule CA2208 sees that within a method; what is
/// thrown deeper is seen here.</summary>
[Collection("torch")]
public sealed class ParameterNameTests
{
    [Fact]
    public void A_wrong_argument_is_called_what_the_caller_calls_it()
    {
        var ml = new MLContext(seed: 1);
        var (data, trainer) = TrainerContractTests.Case(ml, PredictionTask.Binary, o => o.Training = o.Training with { Epochs = 1 });
        using var model = trainer.Fit(data);
        var binary = ml.BinaryClassification.Trainers;
        var bare = ml.Data.LoadFromEnumerable(new[] { new Bare { Other = 1 } });
        (string[] Parameters, Action Call)[] calls =
        [
            (["catalog", "options"], () => binary.NeuralNetwork((NeuralNetworkOptions)null!)),
            (["catalog", "configure"], () => binary.NeuralNetwork((Action<NeuralNetworkOptions>)null!)),
            (["catalog", "options"], () => binary.NeuralNetwork(new NeuralNetworkOptions { Training = null! })),
            (["catalog", "options"], () => binary.NeuralNetwork(new NeuralNetworkOptions { LabelColumnName = "" })),
            (["catalog", "options"], () => binary.NeuralNetwork(new NeuralNetworkOptions { Image = new(2, 1, 1) })),
            (["context", "task", "options"], () => ml.NeuralNetwork(null, null!)),
            (["input"], () => trainer.Fit((IDataView)null!)),
            (["input"], () => trainer.Fit(bare)),
            (["examples"], () => trainer.Fit((MlNetDl.Data.Examples)null!)),
            (["input"], () => model.Transform(bare)),
            (["model", "options"], () => ((ITransformer)model).WithScoring(null!)),
            (["model", "threshold"], () => ((ITransformer)model).WithThreshold(2)),
            (["catalog", "model", "threshold"], () => ml.BinaryClassification.ChangeModelThreshold(model, float.NaN)),
            (["catalog", "data", "labelColumnName", "scoreColumnName"], () => ml.Regression.EvaluateMany(bare)),
            (["catalog", "data", "labelColumnName", "scoreColumnName"], () => ml.Regression.EvaluateMany(null!)),
            (["stage"], () => trainer.With(null!)),
            (["teacher", "settings"], () => trainer.Distilled((ITransformer)null!)),
            (["model", "train", "settings"], () => ml.Compression().Factorise(model, null!)),
            (["gpuDeviceId"], () => MlNetDl.Torch.TrainingDevice.Gpu(-1)),
        ];
        foreach (var (parameters, call) in calls)
        {
            var error = Assert.ThrowsAny<ArgumentException>(call);
            Assert.True(error.ParamName is null || parameters.Contains(error.ParamName), $"'{error.ParamName}' of: {error.Message}");
        }
    }

    private sealed class Bare
    {
        public float Other { get; set; }
    }
}
