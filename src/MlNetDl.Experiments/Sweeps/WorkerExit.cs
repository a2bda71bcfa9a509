namespace MlNetDl.Experiments;

/// <summary>The exit codes of a worker process. Any other one is a crash.</summary>
public static class WorkerExit
{
    /// <summary>Nothing is left to do, or it was asked to stop.</summary>
    public const int Done = 0;

    /// <summary>It cannot go on, nor could another.</summary>
    public const int Failed = 1;

    /// <summary>The sweep cannot be run as it is.</summary>
    public const int Refused = 2;

    /// <summary>Another is to take its place.</summary>
    public const int Replace = 75;
}
