using AgentFunctions.Conformance;
using AgentFunctions.Conformance.Hosting;

namespace AgentFunctions.App.Tests.Conformance;

// Once each: this engine replays every run on every turn, so there is no other flavour. README.md says what is left out, and why.

public sealed class DurableTaskActivities() : ActivitiesConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskCancellation() : CancellationConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay)
{
    [Fact(Skip = NotHere.OpenTasks)]
    public override Task Race_Won_TheRunEndsWithoutWaitingForADeafLoser() => base.Race_Won_TheRunEndsWithoutWaitingForADeafLoser();
}

public sealed class DurableTaskChangedCode() : ChangedCodeConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay)
{
    [Fact(Skip = NotHere.Unnamed)]
    public override Task Replay_WithAnEntityCallAtAStep_FailsNamingBoth() => base.Replay_WithAnEntityCallAtAStep_FailsNamingBoth();

    [Fact(Skip = NotHere.Unnamed)]
    public override Task Replay_WithASubOrchestrationAtAStep_FailsNamingBoth() => base.Replay_WithASubOrchestrationAtAStep_FailsNamingBoth();

    [Fact(Skip = NotHere.SentAllTheSame)]
    public override Task Replay_WithAStepInsertedBefore_FailsNamingBoth() => base.Replay_WithAStepInsertedBefore_FailsNamingBoth();

    [Fact(Skip = NotHere.SentAllTheSame)]
    public override Task Replay_WithAnotherActivityAtAStep_FailsNamingBoth() => base.Replay_WithAnotherActivityAtAStep_FailsNamingBoth();
}

public sealed class DurableTaskContinueAsNew() : ContinueAsNewConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay)
{
    [Fact(Skip = NotHere.OpenTasks)]
    public override Task ContinueAsNew_ResultsOfTheOldExecution_DoNotReachTheNewOne() => base.ContinueAsNew_ResultsOfTheOldExecution_DoNotReachTheNewOne();
}

public sealed class DurableTaskCustomStatus() : CustomStatusConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskDeterminism() : DeterminismConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskEntities() : EntitiesConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay)
{
    [Fact(Skip = NotHere.OneCase)]
    public override Task Entity_NameIsLowerCasedAndKeyKeepsItsCase() => base.Entity_NameIsLowerCasedAndKeyKeepsItsCase();
}

public sealed class DurableTaskExternalEvents() : ExternalEventsConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskFailure() : FailureConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskHistory() : HistoryConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskLifecycle() : LifecycleConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskList() : ListConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskPayloads() : PayloadsConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskRecovery() : RecoveryConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskRecoveryOfState() : RecoveryOfStateConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay)
{
    [Fact(Skip = NotHere.LastStatus)]
    public override Task Watch_ResumedAfterACrash_NeitherLosesNorRepeats() => base.Watch_ResumedAfterACrash_NeitherLosesNorRepeats();
}

public sealed class DurableTaskRepeatedCrashes() : RepeatedCrashesConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskRestartAndPurge() : RestartAndPurgeConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskStart() : StartConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay)
{
    [Fact(Skip = NotHere.OneCase)]
    public override Task Start_IdsThatDifferInCase_AreTwoRuns() => base.Start_IdsThatDifferInCase_AreTwoRuns();
}

public sealed class DurableTaskSteeringErrors() : SteeringErrorsConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskSubOrchestrations() : SubOrchestrationsConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay)
{
    [Theory(Skip = NotHere.TakenIds)]
    [InlineData(true)]
    [InlineData(false)]
    public override Task Sub_IdAlreadyTaken_FailsAndLeavesTheOtherRunAlone(bool ended) => base.Sub_IdAlreadyTaken_FailsAndLeavesTheOtherRunAlone(ended);
}

public sealed class DurableTaskTimers() : TimersConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay);

public sealed class DurableTaskWatch() : WatchConformance(DurableTaskHosts.Instance, HostFlavour.ForcedReplay)
{
    [Fact(Skip = NotHere.LastStatus)]
    public override Task Watch_AnEndedRun_TellsItsWholeStoryAndEnds() => base.Watch_AnEndedRun_TellsItsWholeStoryAndEnds();

    [Fact(Skip = NotHere.LastStatus)]
    public override Task Watch_FromBeforeTheFirstStep_TellsEverythingAsItHappens() => base.Watch_FromBeforeTheFirstStep_TellsEverythingAsItHappens();
}
