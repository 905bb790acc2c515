using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Tests.Orchestrations.Scripting;
using AgentFunctions.Core.Tools;
using static AgentFunctions.Core.Tests.Orchestrations.Scripting.Scripted;

namespace AgentFunctions.Core.Tests.Orchestrations.Branches;

public sealed class SlicedFanOutTests
{
    private readonly ScriptedWorld world = new();

    [Fact]
    public void RunAsync_AboveChildFanOut_RunsInSlicesAndKeepsOrderAndValues()
    {
        Tools(call => After(1 + (Number(call) * 7 % 50), new ToolReply { Value = System.Text.Json.JsonSerializer.SerializeToElement(Number(call)), Cost = new Cost(1, 0, 0) }));
        var branches = Run(1_000, new() { MaxParallel = 100 }).Ended();
        Assert.Equal(Enumerable.Range(0, 1_000), branches.Select(branch => branch.Value!.Value!.Value.GetInt32()));
        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => $"{i}"), branches.Select(branch => branch.Key));
        Assert.All(branches, branch => Assert.Equal(new Cost(1, 0, 0), branch.Cost));
        Assert.All(branches, branch => Assert.InRange(branch.Elapsed.TotalMilliseconds, 1, 50));
        Assert.Equal(5, world.Steps["run"]);
        Assert.All(world.Steps.Where(step => step.Key != "run"), step => Assert.Equal(200, step.Value));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(50)]
    [InlineData(333)]
    public void RunAsync_InSlices_MaxParallelHoldsInAllAndIsUsed(int maxParallel)
    {
        Tools(_ => After(100, new ToolReply()));
        var run = Run(1_000, new() { MaxParallel = maxParallel });
        Assert.Equal(1_000, run.Ended().Count(branch => branch.IsSuccess));
        Assert.Equal(maxParallel, world.MostRunning["CallTool"]);
        Assert.InRange(run.Elapsed.TotalMilliseconds, 1_000 * 100 / maxParallel, (1_000 * 100 / maxParallel * 1.3) + 100);
    }

    [Fact]
    public void RunAsync_FailuresInSlices_AreFailuresOfTheirBranchesOnly()
    {
        Tools(call => Number(call) % 10 == 3 ? Fails<ToolReply>(5, new PermanentFailureException("no")) : After(5, new ToolReply()));
        var branches = Run(500).Ended();
        Assert.Equal(50, branches.Count(branch => branch.Status == BranchStatus.Failed));
        Assert.All(branches.Where(branch => !branch.IsSuccess), branch => Assert.Equal("no", branch.Error!.Message));
    }

    [Fact]
    public void RunAsync_QuorumInSlices_SlicesThatRunAreCancelledAndLaterOnesNeverStart()
    {
        Tools(call => Number(call) < 100 ? After(10, new ToolReply()) : Never<ToolReply>());
        var run = Run(2_000, new() { MaxParallel = 20, Quorum = Quorum.AtLeast(30) });
        var branches = run.Ended();
        Assert.Equal(30, run.Elapsed.TotalMilliseconds);
        Assert.Equal(30, branches.Count(branch => branch.IsSuccess));
        Assert.Contains(branches, branch => branch.Status == BranchStatus.Cancelled);
        Assert.Contains(branches, branch => branch.Status == BranchStatus.Skipped);
        Assert.InRange(world.Calls("CallTool"), 30, 60);
    }

    [Fact]
    public void RunAsync_CriticalFailsInASlice_TheOtherSlicesAreCancelled()
    {
        Tools(call => Number(call) == 5 ? Fails<ToolReply>(50, new PermanentFailureException("no")) : Never<ToolReply>());
        var run = Run(2_000, new() { MaxParallel = 40, Critical = ["5", "1999"] });
        Assert.Equal(50, run.Elapsed.TotalMilliseconds);
        Assert.Equal(BranchStatus.Failed, run.Ended()[5].Status);
        Assert.Equal(40, world.Calls("CallTool"));
        Assert.Equal(39, world.Cancelled["activity"]);
    }

    [Fact]
    public void RunAsync_TimeoutInSlices_HoldsForEachBranch()
    {
        Tools(call => Number(call) == 250 ? Never<ToolReply>() : After(10, new ToolReply()));
        var run = Run(300, new() { BranchTimeout = TimeSpan.FromSeconds(2), MaxParallel = 300 });
        Assert.Equal(BranchStatus.TimedOut, run.Ended()[250].Status);
        Assert.Equal(2, run.Elapsed.TotalSeconds);
    }

    [Fact]
    public void RunAsync_FiftyThousand_TheParentHoldsAStepForEachSlice()
    {
        Tools(_ => After(10, new ToolReply()));
        var run = Run(50_000, new() { MaxParallel = 1_000 });
        Assert.Equal(50_000, run.Ended().Count(branch => branch.IsSuccess));
        Assert.InRange(world.Steps["run"], 250, 300);
        Assert.InRange(world.Steps.Max(step => step.Value), 100, 300);
    }

    private ScriptedRun<IReadOnlyList<Branch<ToolReply>>> Run(int count, FanOutOptions? options = null)
    {
        List<BranchInput<ToolCall>> inputs = [.. Enumerable.Range(0, count).Select(i => new BranchInput<ToolCall>($"{i}", new ToolCall { Tool = $"{i}" }))];
        return world.Run(context => FanOut.RunAsync(context, ActivityReferences.CallTool, inputs, options));
    }

    private void Tools(Func<ScriptedCall<ToolCall>, Scripted<ToolReply>> script) => world.Activity(ActivityReferences.CallTool, script);

    private static int Number(ScriptedCall<ToolCall> call) => int.Parse(call.Input.Tool, System.Globalization.CultureInfo.InvariantCulture);
}
