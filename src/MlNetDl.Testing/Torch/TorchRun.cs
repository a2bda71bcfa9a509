using MlNetDl.Torch;
using static TorchSharp.torch;

namespace MlNetDl.Testing;

/// <summary>How checks that use torch run: one after the other whatever the test framework does, from one seed, and
/// nothing outlives them.</summary>
internal static class TorchRun
{
    public static void Do(Action check)
    {
        using var session = TorchSession.Enter(seed: 1);
        using var scope = NewDisposeScope();
        check();
    }
}
