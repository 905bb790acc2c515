namespace AgentFunctions.Core.Durable;

/// <summary>Names of workers, as entities tell them apart.</summary>
internal static class WorkerName
{
    /// <summary>A name for this process that no other has, nor it had in an earlier life: machine, process, and a GUID.</summary>
    public static string New() => $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}";
}
