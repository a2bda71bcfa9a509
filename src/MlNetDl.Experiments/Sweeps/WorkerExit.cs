namespace MlNetDl.Experiments;

/// <summary>The exit codes of a worker process. Any other one is a crash.</summary>
public static class WorkerExit
{
    /// <summary>Nothing is left to do.</summary>
    public const int Done = 0;

    /// <summary>It cannot go on, nor could another.</summary>
    public const int Failed = 1;

    /// <summary>The sweep cannot be run as it is.</summary>
    public const int Refused = 2;

    /// <summary>Another is to take its place.</summary>
    public const int Replace = 75;

    /// <summary>It was asked to stop; its trial was given back with a checkpoint.</summary>
    public const int Stopped = 76;

    /// <summary>The exit code of an end.</summary>
    public static int Of(WorkerEnd end) => end switch
    {
        WorkerEnd.Replace => Replace,
        WorkerEnd.Stopped => Stopped,
        _ => Done,
    };
}
