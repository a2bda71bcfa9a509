using MlNetDl.Data;
using MlNetDl.Extensions.Tests.Parts;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Training;

namespace MlNetDl.Extensions.Tests;

public sealed class LayerwiseAdaptiveTests
{
    /// <summary>Weights (3, 4) and rows that make the gradient 2·(w·x)·x: both norms are known.</summary>
    [Fact]
    public void One_step_is_the_papers_algorithm()
    {
        var layer = new Linear(1)
        {
            Bias = false,
            WeightInit = new FixedInit([3, 4]),
            Name = "w",
        };
        var training = new TrainingOptions
        {
            Epochs = 1,
            Threads = 1,
            Optimizer = new LayerwiseAdaptive
            {
                LearningRate = 2,
                Trust = 0.1,
                WeightDecay = 0.5,
                DecayVectors = true,
            },
        };
        var model = new CustomNetwork { Layers = new Sequential(layer) };
        var recipe = new Recipe
        {
            Task = new RawValue(),
            Model = model,
            Training = training,
            Standardize = false,
        };
        var package = recipe.Run(new Examples(Shape.Vector(2), new float[] { 1, 0 }, new float[] { 0 })).Package;

        // ‖w‖ = 5, g = (6, 0), ‖g‖ = 6, so the rate is 2·0.1·5 / (6 + 0.5·5) and the move (6 + 1.5, 2).
        double rate = 2 * 0.1 * 5 / (6 + (0.5 * 5));
        var weights = package.ReadWeights().Single(w => w.Name == "w.weight").Data;
        Assert.Equal(3 - (rate * 7.5), weights[0], 5);
        Assert.Equal(4 - (rate * 2), weights[1], 5);
    }
}
