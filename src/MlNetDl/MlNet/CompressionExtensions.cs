using MlNetDl.MlNet;

namespace Microsoft.ML;

/// <summary>The entrance to compression.</summary>
public static class CompressionExtensions
{
    /// <summary>Makes fitted models smaller, and tells what that saves and loses.</summary>
    public static CompressionCatalog Compression(this MLContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new(context);
    }
}
