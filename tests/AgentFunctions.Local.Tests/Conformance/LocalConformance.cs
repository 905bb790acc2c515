using AgentFunctions.Conformance;
using AgentFunctions.Conformance.Hosting;

namespace AgentFunctions.Local.Tests.Conformance;

// Every suite twice: as for users, and with every run replayed from its history on every turn.

public sealed class LocalActivities() : ActivitiesConformance(LocalHosts.Instance, HostFlavour.Normal);

public sealed class ReplayedActivities() : ActivitiesConformance(LocalHosts.Instance, HostFlavour.ForcedReplay);

public sealed class LocalCancellation() : CancellationConformance(LocalHosts.Instance, HostFlavour.Normal);

public sealed class ReplayedCancellation() : CancellationConformance(LocalHosts.Instance, HostFlavour.ForcedReplay);

public sealed class LocalChangedCode() : ChangedCodeConformance(LocalHosts.Instance, HostFlavour.Normal);

public sealed class ReplayedChangedCode() : ChangedCodeConformance(LocalHosts.Instance, HostFlavour.ForcedReplay);

public sealed class LocalContinueAsNew() : ContinueAsNewConformance(LocalHosts.Instance, HostFlavour.Normal);

public sealed class ReplayedContinueAsNew() : ContinueAsNewConformance(LocalHosts.Instance, HostFlavour.ForcedReplay);

public sealed class LocalCustomStatus() : CustomStatusConformance(LocalHosts.Instance, HostFlavour.Normal);

public sealed class ReplayedCustomStatus() : CustomStatusConformance(LocalHosts.Instance, HostFlavour.ForcedReplay);

public sealed class LocalDeterminism() : DeterminismConformance(LocalHosts.Instance, HostFlavour.Normal);

public sealed class ReplayedDeterminism() : DeterminismConformance(LocalHosts.Instance, HostFlavour.ForcedReplay);

public sealed class LocalEntities() : EntitiesConformance(LocalHosts.Instance, HostFlavour.Normal);

public sealed class ReplayedEntities() : EntitiesConformance(LocalHosts.Instance, HostFlavour.ForcedReplay);

public sealed class LocalExternalEvents() : ExternalEventsConformance(LocalHosts.Instance, HostFlavour.Normal);

public sealed class ReplayedExternalEvents() : ExternalEventsConformance(LocalHosts.Instance, HostFlavour.ForcedReplay);

public sealed class LocalFailure() : FailureConformance(LocalHosts.Instance, HostFlavour.Normal);

public sealed class ReplayedFailure() : FailureConformance(LocalHosts.Instance, HostFlavour.ForcedReplay);

public sealed class LocalForeignTasks() : ForeignTasksConformance(LocalHosts.Instance, HostFlavour.Normal);

public sealed class ReplayedForeignTasks() : ForeignTasksConformance(LocalHosts.Instance, HostFlavour.ForcedReplay);

public sealed class LocalHistory() : HistoryConformance(LocalHosts.Instance, HostFlavour.Normal);

public sealed class ReplayedHistory() : HistoryConformance(LocalHosts.Instance, HostFlavour.ForcedReplay);

public sealed class LocalLifecycle() : LifecycleConformance(LocalHosts.Instance, HostFlavour.Normal);

public sealed class ReplayedLifecycle() : LifecycleConformance(LocalHosts.Instance, HostFlavour.ForcedReplay);

public sealed class LocalList() : ListConformance(LocalHosts.Instance, HostFlavour.Normal);

public sealed class ReplayedList() : ListConformance(LocalHosts.Instance, HostFlavour.ForcedReplay);

public sealed class LocalPayloads() : PayloadsConformance(LocalHosts.Instance, HostFlavour.Normal);

public sealed class ReplayedPayloads() : PayloadsConformance(LocalHosts.Instance, HostFlavour.ForcedReplay);

public sealed class LocalRecovery() : RecoveryConformance(LocalHosts.Instance, HostFlavour.Normal);

public sealed class ReplayedRecovery() : RecoveryConformance(LocalHosts.Instance, HostFlavour.ForcedReplay);

public sealed class LocalRecoveryOfState() : RecoveryOfStateConformance(LocalHosts.Instance, HostFlavour.Normal);

public sealed class ReplayedRecoveryOfState() : RecoveryOfStateConformance(LocalHosts.Instance, HostFlavour.ForcedReplay);

public sealed class LocalRepeatedCrashes() : RepeatedCrashesConformance(LocalHosts.Instance, HostFlavour.Normal);

public sealed class ReplayedRepeatedCrashes() : RepeatedCrashesConformance(LocalHosts.Instance, HostFlavour.ForcedReplay);

public sealed class LocalRestartAndPurge() : RestartAndPurgeConformance(LocalHosts.Instance, HostFlavour.Normal);

public sealed class ReplayedRestartAndPurge() : RestartAndPurgeConformance(LocalHosts.Instance, HostFlavour.ForcedReplay);

public sealed class LocalStart() : StartConformance(LocalHosts.Instance, HostFlavour.Normal);

public sealed class ReplayedStart() : StartConformance(LocalHosts.Instance, HostFlavour.ForcedReplay);

public sealed class LocalSteeringErrors() : SteeringErrorsConformance(LocalHosts.Instance, HostFlavour.Normal);

public sealed class ReplayedSteeringErrors() : SteeringErrorsConformance(LocalHosts.Instance, HostFlavour.ForcedReplay);

public sealed class LocalSubOrchestrations() : SubOrchestrationsConformance(LocalHosts.Instance, HostFlavour.Normal);

public sealed class ReplayedSubOrchestrations() : SubOrchestrationsConformance(LocalHosts.Instance, HostFlavour.ForcedReplay);

public sealed class LocalTimers() : TimersConformance(LocalHosts.Instance, HostFlavour.Normal);

public sealed class ReplayedTimers() : TimersConformance(LocalHosts.Instance, HostFlavour.ForcedReplay);

public sealed class LocalWatch() : WatchConformance(LocalHosts.Instance, HostFlavour.Normal);

public sealed class ReplayedWatch() : WatchConformance(LocalHosts.Instance, HostFlavour.ForcedReplay);
