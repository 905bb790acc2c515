using System.Text.Json;
using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Core.Orchestrations;
using AgentFunctions.Core.Orchestrations.Approval;

namespace AgentFunctions.Conformance.Patterns;

/// <summary>A pause for a person's decision, on every host.</summary>
public abstract class ApprovalConformance(IConformanceHosts hosts, HostFlavour flavour) : PatternConformance(hosts, flavour)
{
    [Fact]
    public async Task Approval_ExampleThatNobodyDecides_IsRejectedAtExpiry()
    {
        await PatternHostAsync();

        var result = await ExampleAsync(OrchestratorReferences.Approval, "approval.json");

        Assert.Equal(("reject", ApprovalOrigin.Expiry), (result.Decision, result.By));
        Assert.Equal(ApprovalNoticeKind.Request, result.Notices[0].Kind);
        Assert.Single(result.Notices, notice => notice.Kind == ApprovalNoticeKind.Escalation);
    }

    [Fact]
    public async Task Approval_DecisionAfterRefusedEvents_EndsTheWait()
    {
        await PatternHostAsync();
        var id = await BeginAsync("Approval", JsonElement.Parse("""{"title":"Ship?","approvers":["ann"],"expiry":{"after":"1.00:00:00"}}"""));

        await RaiseAsync(id, "decision", "approve");
        await RaiseAsync(id, "decision", JsonElement.Parse("""{"decision":"approve","decidedBy":"eve"}"""));
        await RaiseAsync(id, "Decision", JsonElement.Parse("""{"decision":"approve","decidedBy":"ann","data":{"ticket":7}}"""));
        var result = await ResultOfAsync<ApprovalResult>(id);

        Assert.Equal(("approve", "ann", ApprovalOrigin.Person), (result.Decision, result.DecidedBy, result.By));
        Assert.Equal([null, "eve"], result.Refused.Select(refusal => refusal.DecidedBy));
        Assert.Equal(7, result.Data!.Value.GetProperty("ticket").GetInt32());
    }

    [Fact]
    public async Task Approval_ExpiryWithoutADecision_Fails()
    {
        await PatternHostAsync();

        var failure = await FailedAsync(await BeginAsync("Approval", JsonElement.Parse("""{"title":"Ship?","expiry":{"after":"00:00:00.050"}}""")));

        Assert.Equal("ApprovalExpired", failure.Type);
    }
}
