using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using MlNetDl.Compression;
using MlNetDl.Decomposition;
using MlNetDl.Generative;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Metrics;
using MlNetDl.Networks;
using MlNetDl.Tasks;
using MlNetDl.Training;
using MlNetDl.Training.Augmentation;
using MlNetDl.Training.Losses;
using MlNetDl.Training.Optimizers;
using MlNetDl.Training.Schedules;

namespace MlNetDl.Configuration;

/// <summary>Everything that can be named in a configuration. A test makes sure that no component of the
/// library is missing.</summary>
public static class Catalogs
{
    /// <summary>Layers of <c>custom</c> networks.</summary>
    public static Catalog<Layer> Layers { get; } = new Catalog<Layer>(
        "layer", listForm: ("sequential", "children"), depthProblem: LayerDepth.Problem)
        .Register<Sequential>()
        .Register<Branches>()
        .Register<Tap>()
        .Register<Read>()
        .Register<Shared>()
        .Register<Conv2d>()
        .Register<Linear>()
        .Register<BatchNorm2d>()
        .Register<Normalize>()
        .Register<Denormalize>()
        .Register<Dropout>()
        .Register<ReLU>("relu")
        .Register<LeakyReLU>("leakyRelu")
        .Register<Sigmoid>()
        .Register<Tanh>()
        .Register<ScaledTanh>()
        .Register<Softmax>()
        .Register<MaxPool2d>()
        .Register<AvgPool2d>()
        .Register<GlobalAvgPool>()
        .Register<GlobalMaxPool>()
        .Register<Flatten>()
        .Register<Identity>()
        .Register<TrainableSubsampling>()
        .Register<AdaptiveAvgPool2d>()
        .Register<LocalResponseNorm>()
        .Register<Embedding>()
        .Register<ConnectionTableConv2d>()
        .Register<RadialBasis>()
        .Register<PadChannels>()
        .Register<Sum>()
        .Register<Product>()
        .Register<Concat>()
        .Register<HardRows>()
        .Register<MergeRows>()
        .Register<OpenRows>()
        .Register<AddRows>()
        .Register<StraightThrough>()
        .Register<GumbelSoftmax>()
        .Register<TopK>()
        .Register<ConvTranspose2d>()
        .Register<Unflatten>()
        .Register<Reparameterize>()
        .Register<TransposedLinear>()
        .Register<Bias>()
        .Register<GaussianNoise>()
        .Register<MaskingNoise>()
        .Register<Planes>()
        .Register<SquaredDistances>()
        .Register<NegativeElbo>();

    /// <summary>How weights are filled before training.</summary>
    public static Catalog<Initializer> Initializers { get; } = new Catalog<Initializer>("initializer")
        .Register<ConstantInit>("constant").Register<UniformInit>("uniform").Register<NormalInit>("normal").Register<FixedInit>("fixed")
        .Register<FanInUniformInit>("fanInUniform").Register<HeNormalInit>("heNormal").Register<HeUniformInit>("heUniform")
        .Register<XavierNormalInit>("xavierNormal").Register<XavierUniformInit>("xavierUniform").Register<LeCunNormalInit>("leCunNormal");

    /// <summary>Architectures.</summary>
    public static Catalog<ModelSpec> Networks { get; } = new Catalog<ModelSpec>("network")
        .Register<Mlp>()
        .Register<LeNet5>()
        .Register<LeNet5Original>()
        .Register<ResNet>()
        .Register<CifarResNet>()
        .Register<GoogLeNet>()
        .Register<AlexNet>()
        .Register<Vgg>()
        .Register<CustomNetwork>("custom")
        .Register<EarlyExit>()
        .Register<GatedBlocks>()
        .Register<GatedChannels>()
        .Register<MixtureOfExperts>()
        .Register<Vae>()
        .Register<Autoencoder>()
        .Register<ConvEncoder>()
        .Register<ConvDecoder>()
        .Alias<Vae>("cvae", """{ "condition": {} }""")
        .Alias<Vae>("betaVae", """{ "kl": { "type": "beta", "weight": 4 } }""")
        .Alias<Vae>("tiltedVae", """{ "prior": { "type": "tilted" } }""")
        .Register<Pca>()
        .Register<Clustering.KMeans>()
        .Alias<ResNet>("resNet18", """{ "depth": 18 }""")
        .Alias<ResNet>("resNet34", """{ "depth": 34 }""")
        .Alias<ResNet>("resNet50", """{ "depth": 50 }""")
        .Alias<CifarResNet>("cifarResNet20", """{ "depth": 20 }""")
        .Alias<CifarResNet>("cifarResNet32", """{ "depth": 32 }""")
        .Alias<CifarResNet>("cifarResNet44", """{ "depth": 44 }""")
        .Alias<CifarResNet>("cifarResNet56", """{ "depth": 56 }""")
        .Alias<CifarResNet>("cifarResNet110", """{ "depth": 110 }""")
        .Alias<Vgg>("vgg11", """{ "depth": 11 }""")
        .Alias<Vgg>("vgg13", """{ "depth": 13 }""")
        .Alias<Vgg>("vgg16", """{ "depth": 16 }""")
        .Alias<Vgg>("vgg19", """{ "depth": 19 }""");

    /// <summary>Losses.</summary>
    public static Catalog<Loss> Losses { get; } = new Catalog<Loss>("loss")
        .Register<CrossEntropy>()
        .Register<BinaryCrossEntropy>()
        .Register<MeanSquaredError>()
        .Register<MeanAbsoluteError>()
        .Register<Huber>();

    /// <summary>Figures of scores against the truth. Each is also found by the name that reports call it.</summary>
    public static Catalog<Metric> Metrics { get; } = new Catalog<Metric>("metric")
        .Register<Accuracy>().Register<TopKAccuracy>().Register<HammingLoss>()
        .Register<BalancedAccuracy>("macroAccuracy")
        .Register<PrecisionScore>("precision")
        .Register<RecallScore>("recall")
        .Register<F1Score>("f1")
        .Register<MatthewsCorrelation>()
        .Register<CohenKappa>()
        .Register<LogLoss>()
        .Register<BrierScore>()
        .Register<RocAuc>("auc").Register<AveragePrecision>()
        .Register<DetectionRate>().Register<FalseAlarmRate>()
        .Register<AbsoluteError>("mae")
        .Register<SquaredError>("mse")
        .Register<RootMeanSquaredError>("rmse")
        .Register<AbsolutePercentageError>("mape")
        .Register<RSquared>("r2").Register<QuantileLoss>()
        .Alias<TopKAccuracy>("top5Accuracy", """{ "k": 5 }""")
        .Alias<PrecisionScore>("macroPrecision", """{ "averaging": "macro" }""")
        .Alias<PrecisionScore>("microPrecision", """{ "averaging": "micro" }""")
        .Alias<PrecisionScore>("weightedPrecision", """{ "averaging": "weighted" }""")
        .Alias<RecallScore>("macroRecall", """{ "averaging": "macro" }""")
        .Alias<RecallScore>("microRecall", """{ "averaging": "micro" }""")
        .Alias<RecallScore>("weightedRecall", """{ "averaging": "weighted" }""")
        .Alias<F1Score>("macroF1", """{ "averaging": "macro" }""")
        .Alias<F1Score>("microF1", """{ "averaging": "micro" }""")
        .Alias<F1Score>("weightedF1", """{ "averaging": "weighted" }""")
        .Alias<CohenKappa>("linearCohenKappa", """{ "weighting": "linear" }""")
        .Alias<CohenKappa>("quadraticCohenKappa", """{ "weighting": "quadratic" }""")
        .Alias<RocAuc>("weightedAuc", """{ "averaging": "weighted" }""")
        .Alias<AveragePrecision>("weightedAveragePrecision", """{ "averaging": "weighted" }""");

    /// <summary>Optimisers.</summary>
    public static Catalog<Optimizer> Optimizers { get; } = new Catalog<Optimizer>("optimizer")
        .Register<Sgd>().Register<Adam>().Register<AdamW>().Register<RmsProp>().Register<Adagrad>().Register<Lion>();

    /// <summary>Schedules of the learning rate.</summary>
    public static Catalog<Schedule> Schedules { get; } = new Catalog<Schedule>("schedule")
        .Register<Constant>().Register<Step>().Register<Cosine>().Register<OneCycle>();

    /// <summary>Random changes of training inputs.</summary>
    public static Catalog<Augmentation> Augmentations { get; } = new Catalog<Augmentation>("augmentation")
        .Register<HorizontalFlip>().Register<RandomCrop>();

    /// <summary>Tasks: kinds of prediction.</summary>
    public static Catalog<LearningTask> Tasks { get; } = new Catalog<LearningTask>("task")
        .Register<MulticlassClassification>("multiclass").Register<BinaryClassification>("binary").Register<MultilabelClassification>("multilabel")
        .Register<Regression>().Register<AnomalyDetection>();

    /// <summary>Kinds of training.</summary>
    public static Catalog<StepSpec> Steps { get; } = new Catalog<StepSpec>("step").Register<Supervised>();

    /// <summary>Stages of a training's recipe.</summary>
    public static Catalog<Stage> Stages { get; } = new Catalog<Stage>("stage")
        .Register<Fit>()
        .Register<MagnitudePruning>()
        .Register<ProximalL1>()
        .Register<FilterPruning>()
        .Register<BlockPruning>()
        .Register<FoldNorms>()
        .Register<Int8>()
        .Register<DynamicInt8>()
        .Register<WeightOnly>()
        .Register<HalfPrecision>()
        .Register<LowRank>()
        .Register<ChannelGates>()
        .Register<WeightClustering>()
        .Register<ExitThreshold>()
        .Register<GatePenalty>()
        .Register<LoadBalance>()
        .Register<Distilled>()
        .Register<BornAgain>();

    /// <summary>How the pruned share rises.</summary>
    public static Catalog<PruningSchedule> PruningSchedules { get; } = new Catalog<PruningSchedule>("pruningSchedule")
        .Register<OneShot>().Register<Iterative>().Register<Agp>().Register<NetworkSurgery>();

    /// <summary>How much a single weight counts.</summary>
    public static Catalog<WeightScore> WeightScores { get; } = new Catalog<WeightScore>("weightScore")
        .Register<Magnitude>().Register<Movement>().Register<RandomWeights>("random");

    /// <summary>Distributions of codes before anything is seen.</summary>
    public static Catalog<Prior> Priors { get; } = new Catalog<Prior>("prior").Register<StandardNormal>().Register<Tilted>().Register<LearnedNormal>();

    /// <summary>Distributions of values around what is decoded.</summary>
    public static Catalog<Likelihood> Likelihoods { get; } = new Catalog<Likelihood>("likelihood").Register<Bernoulli>().Register<Gaussian>();

    /// <summary>What the divergence of a variational autoencoder counts.</summary>
    public static Catalog<DivergenceTerm> DivergenceTerms { get; } = new Catalog<DivergenceTerm>("divergenceTerm").Register<Beta>().Register<Capacity>()
        .Register<TotalCorrelation>();

    /// <summary>How ranges of values are chosen for rounding.</summary>
    public static Catalog<Calibration> Calibrations { get; } = new Catalog<Calibration>("calibration")
        .Register<MinMax>().Register<MovingAverage>().Register<Percentile>().Register<Entropy>().Register<LeastSquares>();

    /// <summary>Scores of channels, by which structured pruning chooses.</summary>
    public static Catalog<ChannelScore> ChannelScores { get; } = new Catalog<ChannelScore>("channelScore")
        .Register<L1Norm>().Register<L2Norm>().Register<NormScale>().Register<Taylor>().Register<ActivationZeros>()
        .Register<GeometricMedian>().Register<RandomScore>("random");

    /// <summary>All catalogs, also those of other libraries and of hosts.</summary>
    public static IReadOnlyList<ICatalog> All => CatalogRegistry.All;

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Only this library knows when it is loaded; nothing is made yet.")]
    internal static void Register() => CatalogRegistry.Register(typeof(Catalogs), new ShapeTextJson());
}
