using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations;
using AgentFunctions.Core.Orchestrations.Approval;
using AgentFunctions.Core.Tests.Orchestrations.Scripting;
using AgentFunctions.Core.Tools;
using static AgentFunctions.Core.Tests.Orchestrations.Scripting.Scripted;

namespace AgentFunctions.Core.Tests.Orchestrations.Approval;

public sealed class ApprovalTests
{
    private readonly ScriptedWorld world = new();

    [Fact]
    public void RunAsync_Decision_SaysWhoWhenAndHow()
    {
        world.RaiseAt(500, "Decision", """{"decision":"Approve","decidedBy":" ann ","comment":"fine","data":{"limit":3}}""");
        var run = world.RunJson("Approval", """{"title":"Ship it?","expiry":{"after":"01:00:00"}}""");
        Assert.Equal(
            """{"decision":"approve","by":"Person","decidedBy":"ann","decidedAt":"2026-01-01T00:00:00.5+00:00","comment":"fine","data":{"limit":3},"requestedAt":"2026-01-01T00:00:00+00:00","notices":[{"kind":"Request","at":"2026-01-01T00:00:00+00:00","to":[],"status":"Recorded"}],"refusedCount":0,"refused":[]}""",
            JsonSerializer.Serialize(run.Ended(), Relaxed));
        Assert.Equal(1, world.Cancelled["timer"]);
        Assert.Contains("\"phase\":\"decided\"", world.Statuses["run"][^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null", "The payload is a JSON Null.")]
    [InlineData("\"approve\"", "The payload is a JSON String.")]
    [InlineData("""{"decidedBy":"ann"}""", "The decision is missing or no text. It must be one of: approve, reject.")]
    [InlineData("""{"decision":"perhaps","decidedBy":"ann"}""", "The decision is 'perhaps'. It must be one of: approve, reject.")]
    [InlineData("""{"decision":"approve"}""", "'decidedBy' must be a text of 1 to 200 characters.")]
    [InlineData("""{"decision":"approve","decidedBy":" "}""", "'decidedBy' must be a text of 1 to 200 characters.")]
    [InlineData("""{"decision":"approve","decidedBy":"ann","comment":1}""", "The comment is no text.")]
    [InlineData("""{"decision":"approve","decidedBy":"ann","force":true}""", "'force' is no part of a decision.")]
    [InlineData("""{"decision":"approve","decidedBy":"eve"}""", "'eve' may not decide this now. Those who may: ann, bob.")]
    public void RunAsync_InvalidEvent_IsReportedAndTheWaitGoesOn(string payload, string reason)
    {
        world.RaiseAt(100, "decision", payload);
        world.RaiseAt(200, "decision", """{"decision":"reject","decidedBy":"ANN"}""");
        var result = Run(new ApprovalInput { Title = "t", Approvers = ["ann", "bob"] }).Ended();
        Assert.Equal(("reject", "ANN"), (result.Decision, result.DecidedBy));
        Assert.StartsWith(reason, Assert.Single(result.Refused).Reason, StringComparison.Ordinal);
        Assert.Equal(ScriptedWorld.Start.AddMilliseconds(100), result.Refused[0].At);
        Assert.Contains(world.Statuses["run"], status => status.Contains("\"phase\":\"waiting\"", StringComparison.Ordinal) && status.Contains("\"refusedCount\":1", StringComparison.Ordinal));
    }

    [Fact]
    public void RunAsync_SecondDecision_ChangesNothing()
    {
        world.RaiseAt(100, "decision", """{"decision":"approve","decidedBy":"ann"}""");
        world.RaiseAt(100, "decision", """{"decision":"reject","decidedBy":"bob"}""");
        var result = Run(new ApprovalInput { Title = "t" }).Ended();
        Assert.Equal(("approve", "ann", 0), (result.Decision, result.DecidedBy, result.RefusedCount));
    }

    [Fact]
    public void RunAsync_EarlyDecision_IsKept()
    {
        world.RaiseAt(0, "other", """{"decision":"approve","decidedBy":"nobody"}""");
        world.RaiseAt(50, "release", """{"decision":"later","decidedBy":"ann"}""");
        Assert.Equal("later", Run(new ApprovalInput { Title = "t", EventName = "Release", Choices = ["now", "later"] }).Ended().Decision);
    }

    [Fact]
    public void RunAsync_NobodyDecides_RemindsEscalatesAndExpires()
    {
        var calls = new List<string>();
        world.Activity(ActivityReferences.CallTool, call =>
        {
            calls.Add(call.Input.Arguments!.Value.GetRawText());
            return After(10, new ToolReply { Cost = new Cost(0, 0, 0.25m) });
        });
        var run = world.RunJson("Approval", """
            {"title":"Pay 1,000?","approvers":["ann"],
             "reminders":{"after":"00:00:10","every":"00:00:05","count":4},
             "escalation":{"after":"00:00:17","approvers":["boss"],"replaces":true},
             "expiry":{"after":"00:01:00","decision":"reject"},
             "notify":{"tool":"mail","arguments":{"to":{"$value":"to"},"subject":"{{kind}} {{number}}: {{title}}","key":"{{idempotencyKey}}"}}}
            """);
        var result = run.Ended();
        Assert.Equal(("reject", "Expiry"), (result.GetProperty("decision").GetString(), result.GetProperty("by").GetString()));
        Assert.Equal(60, run.Elapsed.TotalSeconds);
        Assert.Equal(
            [
                """{"to":["ann"],"subject":"Request 1: Pay 1,000?","key":"run/decision/Request-1"}""",
                """{"to":["ann"],"subject":"Reminder 1: Pay 1,000?","key":"run/decision/Reminder-1"}""",
                """{"to":["ann"],"subject":"Reminder 2: Pay 1,000?","key":"run/decision/Reminder-2"}""",
                """{"to":["boss"],"subject":"Escalation 1: Pay 1,000?","key":"run/decision/Escalation-1"}""",
                """{"to":["boss"],"subject":"Reminder 3: Pay 1,000?","key":"run/decision/Reminder-3"}""",
                """{"to":["boss"],"subject":"Reminder 4: Pay 1,000?","key":"run/decision/Reminder-4"}""",
            ],
            calls);
        Assert.Equal([0, 10, 15, 17, 20, 25], result.GetProperty("notices").EnumerateArray().Select(it => (it.GetProperty("at").GetDateTimeOffset() - ScriptedWorld.Start).TotalSeconds));
        Assert.Equal(1.5m, result.GetProperty("cost").GetProperty("usd").GetDecimal());
    }

    [Fact]
    public void RunAsync_NobodyDecidesAndNoDefault_Fails()
    {
        var run = Run(new ApprovalInput { Title = "Pay?", Expiry = new() { After = TimeSpan.FromSeconds(5) } });
        Assert.Equal(("ApprovalExpired", true), (run.Failure!.Type, run.Failure.Permanent));
        Assert.Equal("Nobody decided 'Pay?' within 00:00:05; 0 reminders were due and 0 events were refused. Ask again, or give 'expiry.decision' for this case.", run.Failure.Message);
        Assert.Empty(run.LeftOpen);
    }

    [Theory]
    [InlineData(false, 100, "boss", null)]
    [InlineData(false, 1_500, "boss", "Escalation")]
    [InlineData(false, 1_500, "ann", "Person")]
    [InlineData(true, 1_500, "ann", null)]
    [InlineData(true, 1_500, "BOSS", "Escalation")]
    public void RunAsync_Escalation_ChangesWhoMayDecide(bool replaces, int at, string who, string? by)
    {
        world.RaiseAt(at, "decision", $$"""{"decision":"approve","decidedBy":"{{who}}"}""");
        var result = Run(new ApprovalInput
        {
            Title = "t",
            Approvers = ["ann"],
            Escalation = new() { After = TimeSpan.FromSeconds(1), Approvers = ["boss"], Replaces = replaces },
            Expiry = new() { After = TimeSpan.FromSeconds(2), Decision = "reject" },
        }).Ended();
        Assert.Equal(by ?? "Expiry", result.By.ToString());
        Assert.Equal(by is null ? 1 : 0, result.RefusedCount);
    }

    [Fact]
    public void RunAsync_NotificationFails_IsTriedAgainAndNotWaitedFor()
    {
        world.Activity(ActivityReferences.CallTool, call => call.Input.Tool == "mail" && call.Attempt < 3 ? Fails<ToolReply>(10, new IOException("busy")) : After(10, new ToolReply()));
        world.RaiseAt(60_000, "decision", """{"decision":"approve","decidedBy":"ann"}""");
        var result = Run(new ApprovalInput { Title = "t", Notify = new() { Tool = "mail" } }).Ended();
        Assert.Equal(ApprovalNoticeStatus.Sent, Assert.Single(result.Notices).Status);
        Assert.Equal(3, world.Calls("CallTool"));
    }

    [Fact]
    public void RunAsync_NotificationNeverSucceeds_IsRecorded()
    {
        world.Activity(ActivityReferences.CallTool, _ => Fails<ToolReply>(10, new PermanentFailureException("no such tool")));
        world.RaiseAt(60_000, "decision", """{"decision":"approve","decidedBy":"ann"}""");
        var notice = Assert.Single(Run(new ApprovalInput { Title = "t", Notify = new() { Tool = "mail" } }).Ended().Notices);
        Assert.Equal((ApprovalNoticeStatus.Failed, "no such tool"), (notice.Status, notice.Error!.Message));
    }

    [Fact]
    public void RunAsync_DecidedWhileNotifying_EndsAtOnce()
    {
        world.Activity(ActivityReferences.CallTool, _ => Never<ToolReply>());
        world.RaiseAt(100, "decision", """{"decision":"approve","decidedBy":"ann"}""");
        var run = Run(new ApprovalInput { Title = "t", Notify = new() { Tool = "mail" } });
        Assert.Equal(ApprovalNoticeStatus.Cancelled, Assert.Single(run.Ended().Notices).Status);
        Assert.Equal(100, run.Elapsed.TotalMilliseconds);
        Assert.Equal(1, world.Cancelled["activity"]);
    }

    [Fact]
    public void RunAsync_FloodOfHostileEvents_StaysBounded()
    {
        var hostile = JsonSerializer.Serialize(new { decision = new string('\u0001', 5_000), decidedBy = new string('"', 5_000) });
        for (var i = 0; i < 300; i++) world.RaiseAt(1 + i, "decision", hostile);
        world.RaiseAt(1_000, "decision", """{"decision":"approve","decidedBy":"ann"}""");
        var result = Run(new ApprovalInput { Title = new string('"', 500), Choices = ["approve", .. Enumerable.Range(0, 19).Select(i => $"{i}{new string('"', 90)}")], Approvers = ["ann", .. Enumerable.Range(0, 19).Select(i => $"{i}{new string('\\', 90)}")] }).Ended();
        Assert.Equal((300, 100), (result.RefusedCount, result.Refused.Count));
        Assert.All(result.Refused, refusal => Assert.True(refusal.Reason.Length < 600));
    }

    [Theory]
    [InlineData("""{"title":""}""", "title", "The title has 0 characters.")]
    [InlineData("""{"title":"t","choices":[]}""", "choices", "There are 0. Give 1 to 20.")]
    [InlineData("""{"title":"t","choices":["a","A"]}""", "choices[1]", "The choice 'A' is there twice")]
    [InlineData("""{"title":"t","eventName":" "}""", "eventName", "The event name has 1 characters")]
    [InlineData("""{"title":"t","approvers":[null]}""", "approvers[0]", "The approver has 0 characters")]
    [InlineData("""{"title":"t","reminders":{"after":"00:00:00"}}""", "reminders.after", "The time is 00:00:00. It must be 1 ms")]
    [InlineData("""{"title":"t","reminders":{"after":"00:00:01","count":101}}""", "reminders.count", "count is 101. It must be 1 to 100.")]
    [InlineData("""{"title":"t","reminders":{"after":"00:01:00"},"expiry":{"after":"00:01:00"}}""", "reminders.after", "00:01:00 is not before the expiry (00:01:00)")]
    [InlineData("""{"title":"t","escalation":{"after":"02:00:00","approvers":["b"]},"expiry":{"after":"01:00:00"}}""", "escalation.after", "02:00:00 is not before the expiry")]
    [InlineData("""{"title":"t","escalation":{"after":"02:00:00","approvers":[]}}""", "escalation.approvers", "There are 0. Give 1 to 20.")]
    [InlineData("""{"title":"t","expiry":{"after":"366.00:00:00"}}""", "expiry.after", "The time is 366.00:00:00.")]
    [InlineData("""{"title":"t","expiry":{"after":"01:00:00","decision":"perhaps"}}""", "expiry.decision", "'perhaps' is none of the choices. Name one of: approve, reject.")]
    [InlineData("""{"title":"t","notify":{"tool":""}}""", "notify.tool", "The tool's name is empty.")]
    [InlineData("""{"title":"t","notify":{"tool":"m","arguments":[1]}}""", "notify.arguments", "The arguments are of kind Array.")]
    [InlineData("""{"title":"t","notify":{"tool":"m","arguments":{"x":"{{who}}"}}}""", "notify.arguments", "A notification has no 'who'. It has: kind, number,")]
    [InlineData("""{"title":"t","notify":{"tool":"m","arguments":{"x":{"$value":5}}}}""", "notify.arguments", "{\"$value\":5} is no placeholder.")]
    public void Validate_WrongInput_SaysWhereAndWhat(string input, string path, string message)
    {
        var errors = world.Catalog.Orchestrator("Approval").Validate(JsonDocument.Parse(input).RootElement, world.Json).ByPath;
        Assert.StartsWith(message, Assert.Contains(path, errors)[0], StringComparison.Ordinal);
    }

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private ScriptedRun<ApprovalResult> Run(ApprovalInput input) => world.Run(OrchestratorReferences.Approval, input);
}
