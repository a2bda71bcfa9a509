using System.Globalization;
using Microsoft.ML.Runtime;
using MlNetDl.MlNet.Internals;
using MlNetDl.Training;

namespace MlNetDl.MlNet;

/// <summary>Tells ML.NET's log how training goes, and lets ML.NET cancel it.</summary>
internal sealed class ChannelLog(IHost host, IChannel channel) : Callback
{
    private const string Warning = "warning: ";

    public override void StepEnded(TrainingProgress progress) => HostAccess.CheckAlive(host);

    public override bool EpochEnded(EpochReport epoch)
    {
        channel.Info(
            MessageSensitivity.None,
            "Epoch {0}: {1}{2} ({3:F1} s)",
            epoch.Epoch,
            Text("", epoch.Training),
            Text(", validation ", epoch.Validation),
            epoch.Seconds);
        return true;
    }

    public override void Message(string text)
    {
        if (text.StartsWith(Warning, StringComparison.Ordinal))
        {
            channel.Warning(MessageSensitivity.None, text[Warning.Length..]);
        }
        else
        {
            channel.Info(MessageSensitivity.None, text);
        }
    }

    private static string Text(string prefix, IReadOnlyDictionary<string, double> figures) =>
        string.Concat(figures.Select(
            (f, i) => string.Create(CultureInfo.InvariantCulture, $"{(i == 0 ? prefix : ", ")}{f.Key} {f.Value:G5}")));
}
