using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Policies.Shedding;

/// <summary>A start that asks to be let in.</summary>
/// <param name="Lane">Its lane.</param>
/// <param name="Deadline">How long from now its result is of use; below zero where that time is over; null where no time was given.</param>
/// <param name="RunTime">How long a run of its orchestrator takes once it goes; zero where that is not known.</param>
public sealed record ShedAsk(RunPriority Lane, TimeSpan? Deadline, TimeSpan RunTime);
