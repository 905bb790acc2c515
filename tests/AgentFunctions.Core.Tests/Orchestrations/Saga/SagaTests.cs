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

public sealed partial class SagaTests
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
