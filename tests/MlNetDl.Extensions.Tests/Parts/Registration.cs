using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using MlNetDl.Configuration;
using MlNetDl.Experiments;

namespace MlNetDl.Extensions.Tests.Parts;

/// <summary>What a host does once: from then on all of it can be named in YAML and in saved models.</summary>
internal static class Registration
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Before any test reads a configuration or a model.")]
    internal static void Register()
    {
        Catalogs.Tasks.Register<QuantileRegression>()
            .Register<OrdinalClassification>()
            .Register<RawValue>()
            .Register<ClassAndSize>()
            .Register<Shaped>()
            .Register<SecondClass>();
        Catalogs.Losses.Register<Pinball>().Register<CumulativeLoss>().Register<KnownSquaredError>();
        Catalogs.Metrics.Register<CalibrationError>()
            .Register<CoverageError>()
            .Register<LevelError>()
            .Register<FBeta>()
            .Register<GiniCoefficient>();
        Catalogs.Optimizers.Register<SharpnessAware>().Register<LayerwiseAdaptive>();
        Catalogs.Steps.Register<SeesTargets>().Register<Elbo>().Register<Reconstruction>();
        Catalogs.Stages.Register<WeightAveraging>()
            .Register<Narrow>()
            .Register<WithoutDropout>()
            .Register<MagnitudeMask>()
            .Register<Distill>()
            .Register<AlsoLearns>()
            .Register<StageTests.Widen>()
            .Register<StageTests.OneLess>();
        Catalogs.Layers.Register<Reparameterize>("ownReparameterize");
        DataSources.All.Register<PointList>("points").Register<Greenhouse>().Register<DataSourceTests.Several>("parts");
        Catalogs.Networks.Register<Vae>("ownVae").Register<Autoencoder>("ownAutoencoder").Register<RegistrationTests.ForetellsOther>();
    }
}
