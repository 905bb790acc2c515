namespace AgentFunctions.Local.Tests.Simulation;

/// <summary>What is to go wrong. Counts run from the moment they are set; null is never.</summary>
internal sealed class SimulatedFaults
{
    /// <summary>The n-th sync from now, of a file or the folder, fails once; what it should have made durable never will be.</summary>
    public int? FailSyncAt { get; set; }

    /// <summary>The n-th changing operation from now fails once with an I/O error; nothing of it is done.</summary>
    public int? FailOperationAt { get; set; }

    /// <summary>The machine goes down in the midst of the n-th changing operation from now.</summary>
    public int? CrashAt { get; set; }

    /// <summary>After files have grown by this many bytes in all, the disk is full: what still fits of a write is written.</summary>
    public long? FreeBytes { get; set; }

    /// <summary>Counts one down and says whether its moment has come.</summary>
    public static bool Due(ref int? counter)
    {
        if (counter is null || --counter > 0)
            return false;
        counter = null;
        return true;
    }
}
