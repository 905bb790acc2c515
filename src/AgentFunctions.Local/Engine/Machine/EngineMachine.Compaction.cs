using System.Buffers;
using AgentFunctions.Core.Durable;
using AgentFunctions.Local.Engine.History;
using AgentFunctions.Local.Engine.State;
using AgentFunctions.Local.Journal;

namespace AgentFunctions.Local.Engine.Machine;

/// <summary>Compaction: when most of the journal is history that nothing needs, what is needed is written anew and the rest is dropped.</summary>
internal sealed partial class EngineMachine
{
    private long dead;

    /// <summary>Whether compaction is worth its while.</summary>
    public bool WantsCompaction => dead > options.CompactionBytes && dead > journal.TotalBytes / 2;
}
