using System.Runtime.InteropServices;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Policies.Shedding;

/// <summary>Which lanes are being shed. A lane is never shed before one that is kept less long.</summary>
/// <param name="Interactive">Whether interactive runs are refused.</param>
/// <param name="Workflow">Whether other runs are.</param>
/// <param name="Background">Whether background runs are.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SheddingState(bool Interactive, bool Workflow, bool Background)
{
    /// <summary>Whether a lane is shed.</summary>
    /// <param name="lane">The lane.</param>
    public bool Of(RunPriority lane) => lane switch
    {
        RunPriority.Interactive => Interactive,
        RunPriority.Background => Background,
        _ => Workflow,
    };
}
