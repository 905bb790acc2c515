using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations;
using AgentFunctions.Core.Orchestrations.Saga;
using AgentFunctions.Core.Policies.Sagas;
using AgentFunctions.Core.Tests.Orchestrations.Scripting;
using AgentFunctions.Core.Tools;
using static AgentFunctions.Core.Tests.Orchestrations.Scripting.Scripted;

namespace AgentFunctions.Core.Tests.Orchestrations.Saga;

/// <summary>Compensations that wait for a person.</summary>
public sealed partial class SagaTests
{
    [Fact]
    public void RunAsync_UnknownAndNotSafe_WaitsForAPerson()
    {
        tools["pay"] = _ => Fails<ToolReply>(10, new IOException("lost"));
        world.RaiseAt(3_600_000, "compensation", """{"step":"pay","outcome":"Done","by":"ann","note":"was not paid"}""");
        var run = Run();
        var result = run.Ended();
        Assert.Equal(SagaOutcome.Compensated, result.Outcome);
        Assert.Equal((SagaUndoStatus.DoneByHand, "ann", "was not paid"), (result.Steps[1].Compensation!.Status, result.Steps[1].Compensation!.By, result.Steps[1].Compensation!.Note));
        Assert.DoesNotContain("refund", Called);
        Assert.Equal(SagaUndoStatus.Done, result.Steps[0].Compensation!.Status);

        // The earlier compensation did not wait for her.
        Assert.Equal("unbook", calls[^1].Tool);
        Assert.Equal(3_600, run.Elapsed.TotalSeconds);
        Assert.Contains("Nobody knows whether the step took effect", stored[0][0].GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void RunAsync_ACompensationFails_IsRetriedLongerThenParkedWithEverythingInTheStatus()
    {
        tools["send"] = _ => Fails<ToolReply>(10, new PermanentFailureException("no"));
        tools["refund"] = _ => Fails<ToolReply>(10, new IOException("bank closed"));
        world.RaiseAt(100_000_000, "compensation", """{"step":"pay","outcome":"Skip","by":"bob"}""");
        var result = Run().Ended();
        Assert.Equal(SagaOutcome.PartlyCompensated, result.Outcome);
        Assert.Equal(10, calls.Count(call => call.Tool == "refund"));
        Assert.Single(calls.Where(call => call.Tool == "refund").Select(call => call.IdempotencyKey).Distinct());
        Assert.Equal("unbook", calls[^1].Tool);

        var waiting = JsonElement.Parse(world.Statuses["run"].First(status => status.Contains("waiting", StringComparison.Ordinal)));
        Assert.Equal("waiting for a person", waiting.GetProperty("phase").GetString());
        Assert.Equal("IOException: bank closed", waiting.GetProperty("parked")[0].GetProperty("error").GetString());
        Assert.Equal(64, waiting.GetProperty("details").GetProperty("sha256").GetString()!.Length);
        Assert.Equal(
            """{"tool":"refund","arguments":{"receipt":"r","amount":5},"idempotencyKey":"run:pay:compensate"}""",
            stored.Single()[0].GetProperty("undo").GetRawText());
        var left = result.Left!.Single();
        Assert.Equal(("pay", "refund", 10, """{"receipt":"r"}"""), (left.Step, left.Undo.Tool, left.Attempts, left.Value.ToString()));
    }

    [Fact]
    public void RunAsync_RetryOfAParkedCompensation_RunsItAgainWithTheSameKey()
    {
        tools["send"] = _ => Fails<ToolReply>(10, new PermanentFailureException("no"));
        tools["refund"] = attempt => attempt == 1 ? Fails<ToolReply>(10, new PermanentFailureException("account locked")) : After(10, Reply("true"));
        world.RaiseAt(1_000, "compensation", """{"step":"pay","outcome":"Retry","by":"ann"}""");
        var result = Run().Ended();
        Assert.Equal(SagaOutcome.Compensated, result.Outcome);
        Assert.Equal((SagaUndoStatus.Done, 2), (result.Steps[1].Compensation!.Status, result.Steps[1].Compensation!.Attempts));
        Assert.Equal(["run:pay:compensate", "run:pay:compensate"], calls.Where(call => call.Tool == "refund").Select(call => call.IdempotencyKey));
        Assert.Equal("""{"phase":"ended","done":2,"total":2}""", world.Statuses["run"][^1]);
    }

    [Fact]
    public void RunAsync_EventsThatDoNotFit_AreRefusedAndSaidSo()
    {
        tools["send"] = _ => Fails<ToolReply>(10, new PermanentFailureException("no"));
        tools["refund"] = _ => Fails<ToolReply>(10, new PermanentFailureException("locked"));
        world.RaiseAt(1_000, "compensation", """{"step":"book","outcome":"Done"}""");
        world.RaiseAt(2_000, "compensation", """{"step":"pay","outcome":"Perhaps"}""");
        world.RaiseAt(3_000, "compensation", "null");
        world.RaiseAt(4_000, "compensation", """{"step":"pay","outcome":"Done"}""");
        var result = Run().Ended();
        Assert.Equal(SagaOutcome.Compensated, result.Outcome);
        Assert.Equal(3, result.Notices!.Count);
        Assert.StartsWith("An event 'compensation' names the step 'book', which waits for nobody.", result.Notices[0], StringComparison.Ordinal);
        Assert.StartsWith("An event 'compensation' does not fit:", result.Notices[1], StringComparison.Ordinal);
        Assert.StartsWith("An event 'compensation' has no payload.", result.Notices[2], StringComparison.Ordinal);
    }

    [Fact]
    public void RunAsync_NobodyDecides_EndsWithWhatIsLeft()
    {
        tools["send"] = _ => Fails<ToolReply>(10, new PermanentFailureException("no"));
        tools["refund"] = _ => Fails<ToolReply>(10, new PermanentFailureException("locked"));
        var run = Run();
        var result = run.Ended();
        Assert.Equal(SagaOutcome.PartlyCompensated, result.Outcome);
        Assert.Equal((SagaUndoStatus.Unresolved, SagaUndoStatus.Done), (result.Steps[1].Compensation!.Status, result.Steps[0].Compensation!.Status));
        Assert.Equal("locked", result.Left!.Single().Error.Message);
        Assert.Equal(7, run.Elapsed.TotalDays, 3);
    }

    [Fact]
    public void RunAsync_StopWhenParked_HoldsEarlierCompensationsUp()
    {
        tools["send"] = _ => Fails<ToolReply>(10, new PermanentFailureException("no"));
        tools["refund"] = _ => Fails<ToolReply>(10, new PermanentFailureException("locked"));
        world.RaiseAt(5_000, "compensation", """{"step":"pay","outcome":"Done"}""");
        Run(Input() with { StopWhenParked = true }).Ended();
        Assert.Contains(world.Log, line => line.StartsWith("5000 run activity CallTool book:compensate", StringComparison.Ordinal));
    }

    [Fact]
    public void RunAsync_AHundredParked_StaysWithinTheStatusBound()
    {
        var message = new string('"', 5_000);
        tools["unbook"] = _ => Fails<ToolReply>(1, new PermanentFailureException(message));
        tools["send"] = _ => Fails<ToolReply>(1, new PermanentFailureException(message));
        var steps = Enumerable.Range(0, 99).Select(i => new SagaStep { Key = $"{i:000}{new string('k', 97)}", Tool = "book", Compensation = new() { Tool = "unbook" } });
        var result = Run(new() { Steps = [.. steps, new() { Key = "last", Tool = "send" }], ParkFor = TimeSpan.FromDays(1) }).Ended();

        // The scripted context refuses a status over 16 KB.
        Assert.Equal(99, result.Left!.Count);
        Assert.Contains("\"parkedCount\":99", string.Join('\n', world.Statuses["run"]), StringComparison.Ordinal);
    }
}
