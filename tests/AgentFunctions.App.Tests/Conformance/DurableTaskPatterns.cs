using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Conformance.Patterns;

namespace AgentFunctions.App.Tests.Conformance;

// Every pattern on DurableTask.Core, which replays every run on every turn.

public sealed class DurableTaskToolFanOut() : ToolFanOutConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskMapReduce() : MapReduceConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskSpeculativeRace() : SpeculativeRaceConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskSearchFusion() : SearchFusionConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskEnsemble() : EnsembleConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskSaga() : SagaConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskPipeline() : PipelineConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskApproval() : ApprovalConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskTaskGraph() : TaskGraphConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskAgentLoop() : AgentLoopConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskBatchJob() : BatchJobConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);
