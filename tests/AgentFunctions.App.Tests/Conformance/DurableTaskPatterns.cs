using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Conformance.Patterns;

namespace AgentFunctions.App.Tests.Conformance;

// Every pattern on DurableTask.Core, which replays every run on every turn.

public sealed class DurableTaskToolFanOut() : ToolFanOutConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskMapReduce() : MapReduceConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskSpeculativeRace() : SpeculativeRaceConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskAgentLoop() : AgentLoopConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);
