using AgentFunctions.Local.Journal;

namespace AgentFunctions.Local.Engine.State;

/// <summary>What the engine remembers of an entity.</summary>
internal sealed class EntityRecord
{
    /// <summary>The record with its last state; null where it has none yet.</summary>
    public JournalPosition? StateAt { get; set; }

    /// <summary>The state, where it is in memory.</summary>
    public object? State { get; set; }

    /// <summary>Journal bytes of the last state.</summary>
    public int Bytes { get; set; }
}
