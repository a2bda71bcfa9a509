using Microsoft.ML;

namespace MlNetDl.MlNet.Internals;

/// <summary>A transformer that ML.NET's catalogs find in a model: <c>PermutationFeatureImportance</c> of an <see cref="ITransformer"/> looks for this
/// internal interface, not for the public generic one.</summary>
internal interface ICatalogTransformer : ISingleFeaturePredictionTransformer;
