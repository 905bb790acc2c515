using AgentFunctions.Core.Durable;

namespace AgentFunctions.Api.Admission;

/// <summary>That a start was let in. Dispose it when the start has been written down, or has failed.</summary>
/// <param name="gate">What let it in.</param>
/// <param name="lane">Its lane.</param>
/// <param name="waits">How long it was thought to wait before it goes.</param>
internal sealed class AdmissionPass(AdmissionGate gate, RunPriority lane, TimeSpan waits) : IDisposable
{
    private int isOver;

    public TimeSpan Waits { get; } = waits;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref isOver, 1) == 0) gate.Leave(lane);
    }
}
