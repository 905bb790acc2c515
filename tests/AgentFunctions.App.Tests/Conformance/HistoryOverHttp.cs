using AgentFunctions.Conformance;
using AgentFunctions.Conformance.Hosting;

namespace AgentFunctions.App.Tests.Conformance;

// What reads histories, once more with those that the Functions host tells over HTTP.

public sealed class HistoryOverHttpHistory() : HistoryConformance(DurableTaskHosts.OverHttp, HostFlavour.ForcedReplay)
{
    [Fact(Skip = NotHere.Turns)]
    public override Task Steps_InSequence_AreEachCausedByTheOneBefore() => base.Steps_InSequence_AreEachCausedByTheOneBefore();
}

public sealed class HistoryOverHttpSubOrchestrations() : SubOrchestrationsConformance(DurableTaskHosts.OverHttp, HostFlavour.ForcedReplay)
{
    [Theory(Skip = NotHere.TakenIds)]
    [InlineData(true)]
    [InlineData(false)]
    public override Task Sub_IdAlreadyTaken_FailsAndLeavesTheOtherRunAlone(bool ended) => base.Sub_IdAlreadyTaken_FailsAndLeavesTheOtherRunAlone(ended);
}

public sealed class HistoryOverHttpWatch() : WatchConformance(DurableTaskHosts.OverHttp, HostFlavour.ForcedReplay)
{
    [Fact(Skip = NotHere.LastStatus)]
    public override Task Watch_AnEndedRun_TellsItsWholeStoryAndEnds() => base.Watch_AnEndedRun_TellsItsWholeStoryAndEnds();

    [Fact(Skip = NotHere.LastStatus)]
    public override Task Watch_FromBeforeTheFirstStep_TellsEverythingAsItHappens() => base.Watch_FromBeforeTheFirstStep_TellsEverythingAsItHappens();
}
