using MlNetDl.Training;

namespace MlNetDl.Cli.Tests;

/// <summary>Cancels behind an epoch.</summary>
internal sealed class StopAfter(int epochs, CancellationTokenSource stop) : Callback
{
    public override bool EpochEnded(EpochReport epoch)
    {
        if (epoch.Epoch == epochs)
        {
            stop.Cancel();
        }

        return true;
    }
}
