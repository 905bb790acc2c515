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

public sealed class SagaTests
{
    private readonly ScriptedWorld world = new();
    private readonly List<ToolCall> calls = [];
    private readonly Dictionary<string, Func<int, Scripted<ToolReply>>> tools = new()
    {
        ["book"] = _ => After(10, Reply("""{"id":7}""")),
        ["pay"] = _ => After(10, Reply("""{"receipt":"r"}""")),
        ["send"] = _ => After(10, Reply("true")),
        ["unbook"] = _ => After(10, Reply("true")),
        ["refund"] = _ => After(10, Reply("true")),
        ["recall"] = _ => After(10, Reply("true")),
    };

    private readonly List<JsonElement> stored = [];

    public SagaTests()
    {
        var tries = new Dictionary<string, int>();
        world.Activity(ActivityReferences.CallTool, call =>
        {
            calls.Add(call.Input);
            return tools[call.Input.Tool](tries[call.Input.Tool] = tries.GetValueOrDefault(call.Input.Tool) + 1);
        });
        world.Activity(ActivityReferences.StoreJson, call =>
        {
            stored.Add(call.Input);
            return After(1, new ContentRef(new string('d', 64), 5));
        });
    }

    private IEnumerable<string> Called => calls.Select(call => call.Tool);

    [Fact]
    public void RunAsync_AllSucceed_CompletesAndCompensatesNothing()
    {
        var result = Run().Ended();
        Assert.Equal(SagaOutcome.Completed, result.Outcome);
        Assert.Equal(["book", "pay", "send"], Called);
        Assert.Equal(["run:book", "run:pay", "run:send"], calls.Select(call => call.IdempotencyKey));
        Assert.All(result.Steps, step => Assert.Null(step.Compensation));
        Assert.Equal("""{"id":7}""", calls[1].Arguments.ToString());
    }

    [Fact]
    public void RunAsync_AStepIsRefused_CompensatesTheOthersInReverse()
    {
        tools["send"] = _ => Fails<ToolReply>(10, new PermanentFailureException("no such address"));
        var result = Run().Ended();
        Assert.Equal(SagaOutcome.Compensated, result.Outcome);
        Assert.Equal(["book", "pay", "send", "refund", "unbook"], Called);
        Assert.Equal(["run:pay:compensate", "run:book:compensate"], calls.Skip(3).Select(call => call.IdempotencyKey));
        Assert.Equal("""{"receipt":"r","amount":5}""", calls[3].Arguments.ToString());
        Assert.Equal("""{"booking":7}""", calls[4].Arguments.ToString());
        Assert.Equal([SagaStepStatus.Succeeded, SagaStepStatus.Succeeded, SagaStepStatus.Refused], result.Steps.Select(step => step.Status));
        Assert.Equal("no such address", result.Steps[2].Error!.Message);
        Assert.Null(result.Steps[2].Compensation);
    }

    [Fact]
    public void RunAsync_AttemptsFail_AreRepeatedWithOneKey()
    {
        tools["pay"] = attempt => attempt < 3 ? Fails<ToolReply>(10, new IOException("down")) : After(10, Reply("""{"receipt":"r"}"""));
        var result = Run().Ended();
        Assert.Equal(SagaOutcome.Completed, result.Outcome);
        Assert.Equal(3, result.Steps[1].Attempts);
        Assert.Null(result.Steps[1].Error);
        Assert.Equal(["run:pay", "run:pay", "run:pay"], calls.Where(call => call.Tool == "pay").Select(call => call.IdempotencyKey));
    }

    [Fact]
    public void RunAsync_TimesOut_IsUnknownAndCompensatedWhereSafe()
    {
        // Send's compensation is declared safe for a step whose outcome nobody knows.
        tools["send"] = _ => Never<ToolReply>();
        var result = Run().Ended();
        Assert.Equal(SagaOutcome.Compensated, result.Outcome);
        Assert.Equal(["book", "pay", "send", "send", "send", "recall", "refund", "unbook"], Called);
        Assert.Equal(SagaStepStatus.Unknown, result.Steps[2].Status);
        Assert.Equal("TimeoutException", result.Steps[2].Error!.Type);
        Assert.Equal(SagaUndoStatus.Done, result.Steps[2].Compensation!.Status);
    }

    [Fact]
    public void RunAsync_UnknownThenRefused_StaysUnknown()
    {
        // The first attempt may have taken effect, and the refusal of the second may be because of it.
        tools["pay"] = attempt => attempt == 1 ? Fails<ToolReply>(10, new IOException("lost")) : Fails<ToolReply>(10, new PermanentFailureException("was paid already"));
        world.RaiseAt(60_000, "compensation", """{"step":"pay","outcome":"Retry","by":"ann"}""");
        var result = Run().Ended();
        Assert.Equal((SagaStepStatus.Unknown, 2), (result.Steps[1].Status, result.Steps[1].Attempts));

        // The answer that the compensation refers to is not there, so that a retry fails for good, and waits again; then the world ends the wait.
        Assert.Equal(SagaUndoStatus.Unresolved, result.Steps[1].Compensation!.Status);
        Assert.Contains("the step 'pay' has no answer, because it did not succeed", result.Left!.Single().Error.Message, StringComparison.Ordinal);
        Assert.Equal(["book", "pay", "pay", "unbook"], Called);
    }

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
    public void RunAsync_CancelledWhileAStepRuns_LetsItEndAndCompensatesIt()
    {
        world.RaiseAt(15, "cancel", """{"by":"ann","reason":"changed her mind"}""");
        var result = Run().Ended();
        Assert.Equal(SagaOutcome.Compensated, result.Outcome);
        Assert.Equal(["book", "pay", "refund", "unbook"], Called);
        Assert.Equal(("ann", "changed her mind"), (result.Cancelled!.By, result.Cancelled.Reason));
        Assert.Equal(SagaStepStatus.NotStarted, result.Steps[2].Status);
    }

    [Fact]
    public void RunAsync_CancelledBetweenTwoAttempts_DoesNotTryAgain()
    {
        tools["book"] = _ => Fails<ToolReply>(10, new IOException("down"));
        world.RaiseAt(11, "cancel", "null");
        var result = Run(Input() with { Steps = [Input().Steps[0] with { Compensation = null, Retry = new() { BaseDelay = TimeSpan.FromHours(1), MaxDelay = TimeSpan.FromHours(1) } }] }).Ended();
        Assert.Equal((SagaOutcome.Compensated, SagaStepStatus.Unknown, 1), (result.Outcome, result.Steps[0].Status, result.Steps[0].Attempts));
        Assert.Equal("down", result.Steps[0].Error!.Message);
    }

    [Fact]
    public void RunAsync_CancelledDuringTheLastStep_CompensatesAll()
    {
        world.RaiseAt(25, "cancel", "null");
        var result = Run().Ended();
        Assert.Equal(SagaOutcome.Compensated, result.Outcome);
        Assert.Equal(["book", "pay", "send", "recall", "refund", "unbook"], Called);
    }

    [Fact]
    public void RunAsync_AStoredAnswer_IsReadOnlyWhereItIsReferredTo()
    {
        tools["book"] = _ => After(10, new ToolReply { Ref = new ContentRef(new string('a', 64), 40_000) });
        tools["send"] = _ => Fails<ToolReply>(10, new PermanentFailureException("no"));
        world.Activity(ActivityReferences.ReadContent, _ => After(1, """{"id":9}"""));
        var result = Run().Ended();
        Assert.Equal("""{"booking":9}""", calls[^1].Arguments.ToString());
        Assert.Equal(1, world.Calls("ReadContent"));
        Assert.Equal(40_000, result.Steps[0].Ref!.Length);
    }

    [Fact]
    public void RunAsync_ArgumentsThatCannotBeFilledIn_RefuseTheStep()
    {
        tools["book"] = _ => After(10, Reply("{}"));
        var result = Run().Ended();
        Assert.Equal((SagaStepStatus.Refused, 0), (result.Steps[1].Status, result.Steps[1].Attempts));
        Assert.StartsWith("The arguments ask for 'book.id', and the answer of the step 'book' has no value there.", result.Steps[1].Error!.Message, StringComparison.Ordinal);

        // The booking's compensation refers to the same missing part, and waits for a person.
        Assert.Equal((SagaOutcome.PartlyCompensated, SagaUndoStatus.Unresolved), (result.Outcome, result.Steps[0].Compensation!.Status));
        Assert.Equal("""{"booking":{"$value":"book.id"}}""", result.Left!.Single().Undo.Arguments.ToString());
    }

    [Fact]
    public void RunAsync_ArgumentsWithTextsAndDefaults_AreFilledIn()
    {
        tools["book"] = _ => After(10, Reply("""{"id":7,"name":"north"}"""));
        var steps = Input().Steps.ToArray();
        steps[1] = steps[1] with { Arguments = JsonElement.Parse("""{"text":"{{book.name}} {{book.id}}","all":{"$value":"book"},"none":{"$value":"book.none","default":"-"}}""") };
        Run(new() { Steps = steps }).Ended();
        Assert.Equal("""{"text":"north 7","all":{"id":7,"name":"north"},"none":"-"}""", calls[1].Arguments.ToString());
    }

    [Fact]
    public void RunAsync_ADefaultForTheAnswerOfAnUnknownStep_IsTakenWhenItIsUndone()
    {
        tools["book"] = _ => Fails<ToolReply>(10, new IOException("down"));
        var compensation = new SagaCompensation { Tool = "unbook", SafeIfUnknown = true, Arguments = JsonElement.Parse("""{"booking":{"$value":"book.id","default":null}}""") };
        var result = Run(new() { Steps = [Input().Steps[0] with { Compensation = compensation }] }).Ended();
        Assert.Equal((SagaOutcome.Compensated, SagaStepStatus.Unknown), (result.Outcome, result.Steps[0].Status));
        Assert.Equal("""{"booking":null}""", calls[^1].Arguments.ToString());
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

    [Theory]
    [InlineData("""{"steps":[]}""", "steps", "There are 0 steps. Send 1 to 100.")]
    [InlineData("""{"steps":[null]}""", "steps[0]", "The step is null.")]
    [InlineData("""{"steps":[{"key":"a:b","tool":"t"}]}""", "steps[0].key", "The key 'a:b' has other characters than letters, digits, _ and -")]
    [InlineData("""{"steps":[{"key":"a.b","tool":"t"}]}""", "steps[0].key", "The key 'a.b' has other characters than letters, digits, _ and -")]
    [InlineData("""{"steps":[{"key":"a","tool":"t"},{"key":"a","tool":""}]}""", "steps[1].tool", "The tool's name has 0 characters.")]
    [InlineData("""{"steps":[{"key":"a","tool":"t","timeout":"00:00:00"}]}""", "steps[0].timeout", "The timeout is 00:00:00.")]
    [InlineData("""{"steps":[{"key":"a","tool":"t","arguments":[1]}]}""", "steps[0].arguments", "The arguments are of kind Array.")]
    [InlineData("""{"steps":[{"key":"a","tool":"t","arguments":{"x":{"$value":"a.id"}}}]}""", "steps[0].arguments", "'a.id' is asked for, but 'a' is no earlier step.")]
    [InlineData("""{"steps":[{"key":"a","tool":"t","arguments":{"x":"see {{z.id}}"}}]}""", "steps[0].arguments", "'z.id' is asked for, but 'z' is no earlier step.")]
    [InlineData("""{"steps":[{"key":"a","tool":"t","arguments":{"x":{"$value":"/id"}}}]}""", "steps[0].arguments", "{\"$value\":\"/id\"} is no placeholder.")]
    [InlineData("""{"steps":[{"key":"a","tool":"t","arguments":{"x":{"$value":"b.id","default":1}}},{"key":"b","tool":"t"}]}""", "steps[0].arguments", "'b.id' is asked for, but 'b' is no earlier step.")]
    [InlineData("""{"steps":[{"key":"a","tool":"t","compensation":{"tool":"u","safeIfUnknown":true,"arguments":{"x":{"$value":"a.id"}}}}]}""", "steps[0].compensation.arguments", "'a.id' is of the step's own answer")]
    [InlineData("""{"steps":[{"key":"a","tool":"t","compensation":{"tool":"u","arguments":{"x":{"$value":"b.id"}}}},{"key":"b","tool":"t"}]}""", "steps[0].compensation.arguments", "'b.id' is asked for, but 'b' is no earlier step. Begin the path with the key of an earlier step, or of the step that is undone.")]
    [InlineData("""{"steps":[{"key":"a","tool":"t","retry":{"maxAttempts":0}}]}""", "steps[0].retry", "MaxAttempts is 0. It must be 1 to 100.")]
    [InlineData("""{"steps":[{"key":"a","tool":"t"}],"parkFor":"00:00:00"}""", "parkFor", "parkFor is 00:00:00.")]
    public void Validate_WrongInput_NamesPathValueAndRemedy(string input, string path, string message)
    {
        var errors = world.Catalog.Orchestrator("Saga").Validate(JsonElement.Parse(input), world.Json).ByPath;
        Assert.True(errors.TryGetValue(path, out var messages), string.Join("; ", errors.Keys));
        Assert.Contains(messages, it => it.StartsWith(message, StringComparison.Ordinal));
    }

    private static ToolReply Reply(string json) => new() { Value = JsonElement.Parse(json) };

    private static SagaInput Input() => new()
    {
        Steps =
        [
            new() { Key = "book", Tool = "book", Compensation = new() { Tool = "unbook", Arguments = JsonElement.Parse("""{"booking":{"$value":"book.id"}}""") } },
            new() { Key = "pay", Tool = "pay", Arguments = JsonElement.Parse("""{"id":{"$value":"book.id"}}"""), Compensation = new() { Tool = "refund", Arguments = JsonElement.Parse("""{"receipt":{"$value":"pay.receipt"},"amount":5}""") } },
            new() { Key = "send", Tool = "send", Compensation = new() { Tool = "recall", SafeIfUnknown = true } },
        ],
        ParkFor = TimeSpan.FromDays(7),
    };

    private ScriptedRun<SagaResult> Run(SagaInput? input = null) => world.Run(OrchestratorReferences.Saga, input ?? Input());
}
