using MlNetDl.Data;
using MlNetDl.Generative;
using MlNetDl.Layers;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Generative;

/// <summary>Samples of a variational autoencoder while it trains.</summary>
[Collection("torch")]
public sealed class MakesSamplesTests
{
    private static readonly Examples Digits = Datasets.Find("optdigits")!.Load(false).Take(300);

    // A decoder with batch statistics and dropout makes other rows in training mode.
    private static readonly Vae Model = new()
    {
        Latent = 3,
        Peak = 16,
        Encoder = new Mlp { Hidden = [16] },
        Decoder = new CustomNetwork
        {
            Layers = new Sequential(new Linear(64), new Unflatten(1, 8, 8), new BatchNorm2d(), new Dropout(0.3), new Flatten(), new Linear(64)),
        },
    };

    [Fact]
    public void Making_samples_changes_nothing_of_the_training()
    {
        var looking = new Looking(everyStep: true);
        Assert.Equal(Run().Package.ToBytes(), Run(looking).Package.ToBytes());
        Assert.True(looking.Seen.Count > 4);
    }

    [Fact]
    public void Samples_are_what_the_saved_model_makes_of_the_same_codes()
    {
        var looking = new Looking(everyStep: false);
        using var model = VaeModel.Of(Run(looking).Package);
        Assert.Equal(2, looking.Seen.Count);
        Assert.All(model.Generate(5, seed: 3).Zip(looking.Seen[^1]), v => Assert.Equal(v.First, v.Second, 1e-3f));
    }

    private static RecipeResult Run(params IReadOnlyList<Callback> callbacks) =>
        new Recipe
        {
            Model = Model,
            Training = new() { Epochs = 2, BatchSize = 64, Seed = 1, Threads = 1 },
            Callbacks = callbacks,
        }.Run(Digits);

    private sealed class Looking(bool everyStep) : Callback
    {
        private IMakesSamples? maker;

        public List<float[]> Seen { get; } = [];

        public override void Starting(TrainingStep step, IReadOnlyList<EpochReport> done)
        {
            maker = Assert.IsAssignableFrom<IMakesSamples>(step);
            Assert.Equal((Digits.Shape, 16), (maker.SampleShape, maker.SamplePeak));
        }

        public override void StepEnded(TrainingProgress progress)
        {
            if (everyStep)
            {
                Look();
            }
        }

        public override bool EpochEnded(EpochReport epoch)
        {
            Look();
            return true;
        }

        private void Look()
        {
            using var before = get_rng_state();
            Seen.Add(maker!.MakeSamples(5, seed: 3));
            using var after = get_rng_state();
            Assert.True(before.equal(after).all().item<bool>());
        }
    }
}
