namespace AgentFunctions.Core.Durable;

/// <summary>A host's name among the workers, as entities tell them apart and reports give it: one for all its parts.</summary>
internal sealed class WorkerName
{
    /// <summary>The name. No other process has it, nor had this one in an earlier life: machine, process, and a GUID.</summary>
    public string Value { get; } = New();

    /// <summary>A new name.</summary>
    public static string New() => $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}";
}
