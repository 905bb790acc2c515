using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Policies;
using AgentFunctions.Core.Tests.Orchestrations.Scripting;
using AgentFunctions.Core.Tools;
using static AgentFunctions.Core.Tests.Orchestrations.Scripting.Scripted;

namespace AgentFunctions.Core.Tests.Orchestrations.Branches;

public sealed class FanOutTests
{
    private readonly ScriptedWorld world = new();

    [Fact]
    public void RunAsync_BranchesEndOutOfOrder_ResultsAreInInputOrder()
    {
        Tools(call => After(call.Input.Tool == "a" ? 300 : 100, Reply(call.Input.Tool)));
        var run = Run(["a", "b", "c"]);
        Assert.Equal(["a", "b", "c"], run.Ended().Select(branch => branch.Value!.Value!.Value.GetString()));
        Assert.Equal([300, 100, 100], run.Result!.Select(branch => branch.Elapsed.TotalMilliseconds));
        Assert.Equal(300, run.Elapsed.TotalMilliseconds);
    }

    [Fact]
    public void RunAsync_NoBranches_GivesNone() => Assert.Empty(Run([]).Ended());

    [Fact]
    public void RunAsync_MaxParallel_IsNeverExceededAndAlwaysUsed()
    {
        Tools(_ => After(100, Reply("x")));
        var run = Run(Names(10), new() { MaxParallel = 4 });
        Assert.Equal(10, run.Ended().Count);
        Assert.Equal(4, world.MostRunning["CallTool"]);
        Assert.Equal(300, run.Elapsed.TotalMilliseconds);
    }

    [Fact]
    public void RunAsync_OneFails_TheOthersKeepTheirValues()
    {
        Tools(call => call.Input.Tool == "b" ? Fails<ToolReply>(10, new PermanentFailureException("no such tool")) : After(20, Reply("x")));
        var branches = Run(["a", "b", "c"]).Ended();
        Assert.Equal([BranchStatus.Succeeded, BranchStatus.Failed, BranchStatus.Succeeded], branches.Select(branch => branch.Status));
        Assert.Equal("no such tool", branches[1].Error!.Message);
        Assert.Equal("CallTool", branches[1].Error!.Step);
        Assert.Equal(3, world.Calls("CallTool"));
    }

    [Fact]
    public void RunAsync_Cost_IsTakenFromTheValue()
    {
        Tools(_ => After(1, Reply("x") with { Cost = new Cost(1, 2, 3) }));
        Assert.Equal(new Cost(1, 2, 3), Run(["a"]).Ended()[0].Cost);
    }

    [Fact]
    public void RunAsync_Retry_TriesOnlyTheFailedBranchAgain()
    {
        Tools(call => call.Input.Tool == "b" && call.Attempt < 3 ? Fails<ToolReply>(10, new IOException("busy")) : After(10, Reply("x")));
        var run = Run(["a", "b", "c"]);
        Assert.All(run.Ended(), branch => Assert.Equal(BranchStatus.Succeeded, branch.Status));
        Assert.Equal(5, world.Calls("CallTool"));
        Assert.InRange(run.Elapsed.TotalMilliseconds, 30, 3030);
    }

    [Fact]
    public void RunAsync_RetryAfter_IsHonoured()
    {
        Tools(call => call.Attempt == 1 ? Fails<ToolReply>(0, new ThrottledException("slow down", TimeSpan.FromSeconds(40))) : After(0, Reply("x")));
        var run = Run(["a"]);
        Assert.Equal(BranchStatus.Succeeded, run.Ended()[0].Status);
        Assert.InRange(run.Elapsed.TotalSeconds, 40, 41);
    }

    [Fact]
    public void RunAsync_AttemptsUsedUp_FailsWithTheLastFailure()
    {
        Tools(call => Fails<ToolReply>(10, new IOException($"attempt {call.Attempt}")));
        Assert.Equal("attempt 3", Run(["a"]).Ended()[0].Error!.Message);
        Assert.Equal(3, world.Calls("CallTool"));
    }

    [Fact]
    public void RunAsync_Timeout_CoversAllAttempts()
    {
        Tools(call => call.Attempt == 1 ? Fails<ToolReply>(100, new IOException("busy")) : Never<ToolReply>());
        var run = Run(["a"], new() { BranchTimeout = TimeSpan.FromSeconds(5), Retry = new() { BaseDelay = TimeSpan.FromSeconds(1) } });
        var branch = run.Ended()[0];
        Assert.Equal(BranchStatus.TimedOut, branch.Status);
        Assert.Equal(5, run.Elapsed.TotalSeconds);
        Assert.Contains("It was at attempt 2; the one before failed: IOException: busy", branch.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(1, world.Cancelled["activity"]);
    }

    [Fact]
    public void RunAsync_NextAttemptWouldComeAfterTheDeadline_FailsAtOnce()
    {
        Tools(_ => Fails<ToolReply>(100, new ThrottledException("slow down", TimeSpan.FromMinutes(1))));
        var run = Run(["a"], new() { BranchTimeout = TimeSpan.FromSeconds(5) });
        Assert.Equal(BranchStatus.Failed, run.Ended()[0].Status);
        Assert.Equal("slow down", run.Result![0].Error!.Message);
        Assert.Equal(100, run.Elapsed.TotalMilliseconds);
    }

    [Fact]
    public void RunAsync_BranchEnds_ItsTimerIsCancelled()
    {
        Tools(_ => After(10, Reply("x")));
        var run = Run(Names(7), new() { BranchTimeout = TimeSpan.FromHours(1) });
        Assert.Equal(7, run.Ended().Count);
        Assert.Equal(7, world.Cancelled["timer"]);
        Assert.Equal(10, run.Elapsed.TotalMilliseconds);
    }

    [Fact]
    public void RunAsync_QuorumReached_EndsAtThatInstantAndCancelsTheRest()
    {
        Tools(call => call.Input.Tool == "4" ? Never<ToolReply>() : After((call.Input.Tool[0] - '0') * 100, Reply("x")));
        var run = Run(Names(8), new() { Quorum = Quorum.AtLeast(3), MaxParallel = 5 });
        Assert.Equal(200, run.Elapsed.TotalMilliseconds);
        Assert.Equal(
            [BranchStatus.Succeeded, BranchStatus.Succeeded, BranchStatus.Succeeded, BranchStatus.Cancelled, BranchStatus.Cancelled, BranchStatus.Cancelled, BranchStatus.Cancelled, BranchStatus.Skipped],
            run.Ended().Select(branch => branch.Status));
        Assert.Equal(4, world.Cancelled["activity"]);
    }

    [Fact]
    public void RunAsync_QuorumFraction_IsRoundedUp()
    {
        Tools(call => After(100 * int.Parse(call.Input.Tool, System.Globalization.CultureInfo.InvariantCulture), Reply("x")));
        Assert.Equal(3, Run(Names(5), new() { Quorum = Quorum.Part(0.5m) }).Ended().Count(branch => branch.IsSuccess));
    }

    [Fact]
    public void RunAsync_QuorumOutOfReach_RunsTheRestAllTheSame()
    {
        Tools(call => call.Input.Tool == "0" ? After(500, Reply("x")) : Fails<ToolReply>(10, new PermanentFailureException("no")));
        var run = Run(Names(4), new() { Quorum = Quorum.AtLeast(2) });
        Assert.Equal(BranchStatus.Succeeded, run.Ended()[0].Status);
        Assert.Equal(500, run.Elapsed.TotalMilliseconds);
    }

    [Fact]
    public void RunAsync_CriticalFails_TheRestIsGivenUpAtOnce()
    {
        Tools(call => call.Input.Tool switch { "0" => After(10, Reply("x")), "1" => Fails<ToolReply>(50, new PermanentFailureException("no")), _ => Never<ToolReply>() });
        var run = Run(Names(4), new() { Critical = ["1"], MaxParallel = 2 });
        Assert.Equal(50, run.Elapsed.TotalMilliseconds);
        Assert.Equal([BranchStatus.Succeeded, BranchStatus.Failed, BranchStatus.Cancelled, BranchStatus.Skipped], run.Ended().Select(branch => branch.Status));
    }

    [Fact]
    public void RunAsync_CriticalFailsOnceAndRecovers_NothingIsGivenUp()
    {
        Tools(call => call is { Input.Tool: "1", Attempt: 1 } ? Fails<ToolReply>(50, new IOException("busy")) : After(10, Reply("x")));
        Assert.All(Run(Names(4), new() { Critical = ["1"] }).Ended(), branch => Assert.True(branch.IsSuccess));
    }

    [Fact]
    public void RunAsync_CriticalTimesOut_TheRestIsGivenUpAtOnce()
    {
        Tools(_ => Never<ToolReply>());
        var run = Run(Names(3), new() { Critical = ["0"], BranchTimeout = TimeSpan.FromSeconds(1), MaxParallel = 2 });
        Assert.Equal([BranchStatus.TimedOut, BranchStatus.Cancelled, BranchStatus.Skipped], run.Ended().Select(branch => branch.Status));
        Assert.Equal(1, run.Elapsed.TotalSeconds);
    }

    [Fact]
    public void RunAsync_LoserIgnoresItsToken_TheRunDoesNotWaitForIt()
    {
        var never = new TaskCompletionSource<int>();
        var run = world.Run(context => FanOut.RunAsync(
            context,
            [new BranchBody<int>("deaf", _ => never.Task), new BranchBody<int>("timed", async token =>
            {
                await context.CreateTimerAsync(TimeSpan.FromSeconds(1), token);
                return 7;
            })],
            new() { Quorum = Quorum.AtLeast(1) }));
        Assert.Equal([BranchStatus.Cancelled, BranchStatus.Succeeded], run.Ended().Select(branch => branch.Status));
        Assert.Equal(7, run.Result![1].Value);
        Assert.Equal(1, run.Elapsed.TotalSeconds);
    }

    [Fact]
    public void RunAsync_BodyThrowsAtOnce_IsAFailedBranch()
    {
        var run = world.Run(context => FanOut.RunAsync(context, [new BranchBody<int>("bad", _ => throw new ArgumentException("wrong")), new BranchBody<int>("good", _ => Task.FromResult(1))]));
        Assert.Equal([BranchStatus.Failed, BranchStatus.Succeeded], run.Ended().Select(branch => branch.Status));
    }

    [Fact]
    public void RunAsync_NestedLoser_IsCancelledWithItsBranch()
    {
        Tools(_ => Never<ToolReply>());
        var run = world.Run(context => FanOut.RunAsync(
            context,
            [new BranchBody<int>("nested", async token => (await FanOut.RunAsync(context, ActivityReferences.CallTool, Inputs(Names(3)), cancellationToken: token)).Count), new BranchBody<int>("quick", _ => Task.FromResult(1))],
            new() { Quorum = Quorum.AtLeast(1) }));
        Assert.Equal([BranchStatus.Cancelled, BranchStatus.Succeeded], run.Ended().Select(branch => branch.Status));
        Assert.Equal(3, world.Cancelled["activity"]);
    }

    [Fact]
    public void RunAsync_Progress_IsToldOfEachBranch()
    {
        Tools(call => call.Input.Tool == "1" ? Fails<ToolReply>(5, new PermanentFailureException("no")) : After(10, Reply("x")));
        var told = new List<FanOutProgress>();
        world.Run(context => FanOut.RunAsync(context, ActivityReferences.CallTool, Inputs(Names(3)), progress: told.Add)).Ended();
        Assert.Equal([new(1, 0, 3), new(2, 1, 3), new(3, 2, 3)], told);
    }

    [Fact]
    public void RunAsync_FiftyThousandBodies_IsLinearAndShallow()
    {
        OrchestrationContext? context = null;
        var bodies = Enumerable.Range(0, 50_000).Select(i => new BranchBody<int>($"{i}", async token =>
        {
            if (i % 2 == 0) await context!.CreateTimerAsync(TimeSpan.FromMilliseconds(i % 7), token);
            return i;
        })).ToList();
        var run = world.Run(given => FanOut.RunAsync(context = given, bodies, new() { MaxParallel = 1_000 }));
        Assert.Equal(Enumerable.Range(0, 50_000), run.Ended().Select(branch => branch.Value));
        Assert.Equal(25_000, world.Steps["run"]);
    }

    [Theory]
    [InlineData("parallel", "MaxParallel is 0")]
    [InlineData("timeout", "BranchTimeout is 00:00:00")]
    [InlineData("child", "ChildFanOut is 1")]
    [InlineData("quorum", "Quorum is 3 of 2")]
    [InlineData("critical", "Critical names 'z'")]
    [InlineData("retry", "Retry.MaxAttempts is 0")]
    [InlineData("key", "Two branches have the key 'a'")]
    public void RunAsync_WrongSetting_IsRefusedByName(string wrong, string expected)
    {
        var options = wrong switch
        {
            "parallel" => new FanOutOptions { MaxParallel = 0 },
            "timeout" => new() { BranchTimeout = TimeSpan.Zero },
            "child" => new() { ChildFanOut = 1 },
            "quorum" => new() { Quorum = Quorum.AtLeast(3) },
            "critical" => new() { Critical = ["z"] },
            "retry" => new() { Retry = new RetryPolicy { MaxAttempts = 0 } },
            _ => new(),
        };
        var failure = Run(wrong == "key" ? ["a", "a"] : ["a", "b"], options).Failure!;
        Assert.Equal(nameof(ArgumentException), failure.Type);
        Assert.StartsWith(expected, failure.Message, StringComparison.Ordinal);
    }

    private ScriptedRun<IReadOnlyList<Branch<ToolReply>>> Run(IReadOnlyList<string> tools, FanOutOptions? options = null) => world.Run(context => FanOut.RunAsync(context, ActivityReferences.CallTool, Inputs(tools), options));

    private void Tools(Func<ScriptedCall<ToolCall>, Scripted<ToolReply>> script) => world.Activity(ActivityReferences.CallTool, script);

    private static List<BranchInput<ToolCall>> Inputs(IReadOnlyList<string> tools) => [.. tools.Select(tool => new BranchInput<ToolCall>(tool, new ToolCall { Tool = tool }))];

    private static ToolReply Reply(string value) => new() { Value = System.Text.Json.JsonSerializer.SerializeToElement(value) };

    private static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture))];
}
