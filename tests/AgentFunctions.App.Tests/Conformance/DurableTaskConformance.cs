using AgentFunctions.Conformance;
using AgentFunctions.Conformance.Hosting;

namespace AgentFunctions.App.Tests.Conformance;

// Once each: this engine replays every run on every turn, so there is no other flavour. README.md says what is left out, and why.

public sealed class DurableTaskActivities() : ActivitiesConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskCancellation() : CancellationConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskChangedCode() : ChangedCodeConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskContinueAsNew() : ContinueAsNewConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskCustomStatus() : CustomStatusConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskDeterminism() : DeterminismConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskEntities() : EntitiesConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskExternalEvents() : ExternalEventsConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskFailure() : FailureConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskForeignTasks() : ForeignTasksConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskHistory() : HistoryConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskLifecycle() : LifecycleConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskList() : ListConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskPayloads() : PayloadsConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskRecovery() : RecoveryConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskRecoveryOfState() : RecoveryOfStateConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskRepeatedCrashes() : RepeatedCrashesConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskRestartAndPurge() : RestartAndPurgeConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskStart() : StartConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskSteeringErrors() : SteeringErrorsConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskSubOrchestrations() : SubOrchestrationsConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskTimers() : TimersConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskWatch() : WatchConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);
