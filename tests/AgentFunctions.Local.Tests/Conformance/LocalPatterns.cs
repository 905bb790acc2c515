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

public sealed class LocalSearchFusion() : SearchFusionConformance(LocalHosts.Instance, HostFlavour.Normal);

public sealed class ReplayedSearchFusion() : SearchFusionConformance(LocalHosts.Instance, HostFlavour.ForcedReplay);

public sealed class LocalEnsemble() : EnsembleConformance(LocalHosts.Instance, HostFlavour.Normal);

public sealed class ReplayedEnsemble() : EnsembleConformance(LocalHosts.Instance, HostFlavour.ForcedReplay);

public sealed class LocalSaga() : SagaConformance(LocalHosts.Instance, HostFlavour.Normal);

public sealed class ReplayedSaga() : SagaConformance(LocalHosts.Instance, HostFlavour.ForcedReplay);

public sealed class LocalPipeline() : PipelineConformance(LocalHosts.Instance, HostFlavour.Normal);

public sealed class ReplayedPipeline() : PipelineConformance(LocalHosts.Instance, HostFlavour.ForcedReplay);

public sealed class LocalApproval() : ApprovalConformance(LocalHosts.Instance, HostFlavour.Normal);

public sealed class ReplayedApproval() : ApprovalConformance(LocalHosts.Instance, HostFlavour.ForcedReplay);

public sealed class LocalTaskGraph() : TaskGraphConformance(LocalHosts.Instance, HostFlavour.Normal);

public sealed class ReplayedTaskGraph() : TaskGraphConformance(LocalHosts.Instance, HostFlavour.ForcedReplay);

public sealed class LocalAgentLoop() : AgentLoopConformance(LocalHosts.Instance, HostFlavour.Normal);

public sealed class ReplayedAgentLoop() : AgentLoopConformance(LocalHosts.Instance, HostFlavour.ForcedReplay);

public sealed class LocalBatchJob() : BatchJobConformance(LocalHosts.Instance, HostFlavour.Normal);

public sealed class ReplayedBatchJob() : BatchJobConformance(LocalHosts.Instance, HostFlavour.ForcedReplay);
