using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Policies;
using AgentFunctions.Core.Tests.Orchestrations.Scripting;
using AgentFunctions.Core.Tools;
using static AgentFunctions.Core.Tests.Orchestrations.Scripting.Scripted;

namespace AgentFunctions.Core.Tests.Orchestrations.Branches;

/// <summary>Branches that call what is known to be broken.</summary>
public sealed class BrokenBranchTests
{
    private static readonly CircuitOpenException Broken = new("b", "The tool 'b' has been broken since noon.", TimeSpan.FromSeconds(8));
    private readonly ScriptedWorld world = new();

    [Fact]
    public void RunAsync_SkipBroken_SkipsAtOnceAndSaysWhy()
    {
        Tools(call => call.Input.Tool == "b" ? Fails<ToolReply>(1, Broken) : After(20, new ToolReply()));
        var run = Run(["a", "b", "c"], new() { SkipBroken = true });
        Assert.Equal([BranchStatus.Succeeded, BranchStatus.Skipped, BranchStatus.Succeeded], run.Ended().Select(branch => branch.Status));
        Assert.Equal(("CircuitOpenException", "The tool 'b' has been broken since noon.", TimeSpan.FromSeconds(8)), (run.Result![1].Error!.Type, run.Result[1].Error!.Message, run.Result[1].Error!.RetryAfter!.Value));
        Assert.Equal((20, 3), (run.Elapsed.TotalMilliseconds, world.Calls("CallTool")));
    }

    [Fact]
    public void RunAsync_OpensBetweenAttempts_IsSkippedThen()
    {
        Tools(call => Fails<ToolReply>(1, call.Attempt == 1 ? new IOException("busy") : Broken));
        Assert.Equal(BranchStatus.Skipped, Run(["b"], new() { SkipBroken = true }).Ended()[0].Status);
        Assert.Equal(2, world.Calls("CallTool"));
    }

    [Fact]
    public void RunAsync_SkipBrokenAndCritical_GivesTheRestUp()
    {
        Tools(call => call.Input.Tool == "b" ? Fails<ToolReply>(5, Broken) : After(100, new ToolReply()));
        var run = Run(["a", "b", "c"], new() { SkipBroken = true, Critical = ["b"], MaxParallel = 2 });
        Assert.Equal([BranchStatus.Cancelled, BranchStatus.Skipped, BranchStatus.Skipped], run.Ended().Select(branch => branch.Status));
        Assert.Equal([false, true, false], run.Result!.Select(branch => branch.IsBroken));
        Assert.Equal(5, run.Elapsed.TotalMilliseconds);
    }

    [Fact]
    public void RunAsync_SkipBrokenWithAQuorum_IsReachedByTheOthers()
    {
        Tools(call => call.Input.Tool == "b" ? Fails<ToolReply>(5, Broken) : After(100, new ToolReply()));
        Assert.Equal(2, Run(["a", "b", "c", "d"], new() { SkipBroken = true, Quorum = Quorum.AtLeast(2), MaxParallel = 3 }).Ended().Count(branch => branch.IsSuccess));
    }

    [Fact]
    public void RunAsync_InSlices_BrokenBranchesAreSkipped()
    {
        Tools(call => call.Input.Tool == "7" ? Fails<ToolReply>(5, Broken) : After(10, new ToolReply()));
        var branches = Run(Names(400), new() { SkipBroken = true }).Ended();
        Assert.Equal(399, branches.Count(branch => branch.IsSuccess));
        Assert.True(branches[7].IsBroken);
    }

    [Fact]
    public void RunAsync_InSlices_ABrokenCriticalBranchEndsTheRest()
    {
        Tools(call => call.Input.Tool == "7" ? Fails<ToolReply>(5, Broken) : After(10, new ToolReply()));
        var critical = Run(Names(400), new() { SkipBroken = true, Critical = ["7"], MaxParallel = 10 }).Ended();
        Assert.True(critical[7].IsBroken);
        Assert.InRange(critical.Count(branch => branch.IsSuccess), 0, 20);
    }

    [Fact]
    public void RunAsync_DefaultOptions_WaitsAndLosesNoAttemptByIt()
    {
        Tools(call => call.Attempt switch
        {
            1 or 12 => Fails<ToolReply>(1, new IOException("busy")),
            < 12 => Fails<ToolReply>(1, Broken),
            _ => After(1, new ToolReply()),
        });
        var run = Run(["b"]);
        Assert.Equal(BranchStatus.Succeeded, run.Ended()[0].Status);
        Assert.Equal(13, world.Calls("CallTool"));
        Assert.InRange(run.Elapsed.TotalSeconds, 80, 80 + (12 * 30));
    }

    [Fact]
    public void RunAsync_BrokenForever_FailsAfterTwentyWaits()
    {
        Tools(_ => Fails<ToolReply>(1, Broken));
        var run = Run(["b"]);
        Assert.Equal((BranchStatus.Failed, "CircuitOpenException"), (run.Ended()[0].Status, run.Result![0].Error!.Type));
        Assert.Equal(Attempts.MostRefusals + 1, world.Calls("CallTool"));
    }

    [Fact]
    public void RunAsync_OneAttemptOnly_IsNotWaitedFor()
    {
        Tools(_ => Fails<ToolReply>(1, Broken));
        var run = Run(["b"], new() { Retry = RetryPolicy.None });
        Assert.Equal(BranchStatus.Failed, run.Ended()[0].Status);
        Assert.Equal(1, run.Elapsed.TotalMilliseconds);
    }

    [Fact]
    public void RunAsync_TheTimeoutEndsBeforeTheCircuit_FailsAtOnce()
    {
        Tools(_ => Fails<ToolReply>(1, Broken));
        var run = Run(["b"], new() { BranchTimeout = TimeSpan.FromSeconds(5) });
        Assert.Equal(BranchStatus.Failed, run.Ended()[0].Status);
        Assert.Equal(1, run.Elapsed.TotalMilliseconds);
    }

    private ScriptedRun<IReadOnlyList<Branch<ToolReply>>> Run(IReadOnlyList<string> tools, FanOutOptions? options = null) =>
        world.Run(context => FanOut.RunAsync(context, ActivityReferences.CallTool, [.. tools.Select(tool => new BranchInput<ToolCall>(tool, new ToolCall { Tool = tool }))], options));

    private void Tools(Func<ScriptedCall<ToolCall>, Scripted<ToolReply>> script) => world.Activity(ActivityReferences.CallTool, script);

    private static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture))];
}
