using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Conformance.Patterns;

namespace AgentFunctions.Local.Tests.Conformance;

// Every pattern twice: as for users, and with every run replayed from its history on every turn.

public sealed class LocalToolFanOut() : ToolFanOutConformance(LocalHosts.Instance, HostFlavour.Normal);

public sealed class ReplayedToolFanOut() : ToolFanOutConformance(LocalHosts.Instance, HostFlavour.ForcedReplay);

public sealed class LocalMapReduce() : MapReduceConformance(LocalHosts.Instance, HostFlavour.Normal);

public sealed class ReplayedMapReduce() : MapReduceConformance(LocalHosts.Instance, HostFlavour.ForcedReplay);

public sealed class LocalSpeculativeRace() : SpeculativeRaceConformance(LocalHosts.Instance, HostFlavour.Normal);

public sealed class ReplayedSpeculativeRace() : SpeculativeRaceConformance(LocalHosts.Instance, HostFlavour.ForcedReplay);

public sealed class LocalAgentLoop() : AgentLoopConformance(LocalHosts.Instance, HostFlavour.Normal);

public sealed class ReplayedAgentLoop() : AgentLoopConformance(LocalHosts.Instance, HostFlavour.ForcedReplay);
