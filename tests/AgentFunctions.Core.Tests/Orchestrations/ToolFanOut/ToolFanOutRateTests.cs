using System.Globalization;
using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities;
using AgentFunctions.Core.Entities.RateLimiter;
using AgentFunctions.Core.Orchestrations;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Orchestrations.ToolFanOut;
using AgentFunctions.Core.Tests.Orchestrations.Scripting;
using AgentFunctions.Core.Tools;
using static AgentFunctions.Core.Tests.Orchestrations.Scripting.Scripted;

namespace AgentFunctions.Core.Tests.Orchestrations.ToolFanOut;

/// <summary>A fan-out whose calls start at a rate.</summary>
public sealed class ToolFanOutRateTests
{
    private readonly ScriptedWorld world = new();

    public ToolFanOutRateTests() => world.Activity(ActivityReferences.CallTool, call => call.Input.Tool switch
    {
        "quick" => After(10, new ToolReply { Value = JsonElement.Parse("1") }),
        "slow" => After(60_000, new ToolReply { Value = JsonElement.Parse("1") }),
        "flaky" => call.Attempt == 1 ? Fails<ToolReply>(10, new InvalidOperationException("once")) : After(10, new ToolReply { Value = JsonElement.Parse("1") }),
        _ => Fails<ToolReply>(10, new PermanentFailureException("There is no such tool.")),
    });

    [Fact]
    public void RunAsync_Rate_TheBurstAtOnceAndTheRestAtItsRate()
    {
        var run = Run(Calls("quick", 35), perMinute: 60);

        Assert.True(run.Ended().Complete);
        var starts = Starts();
        Assert.Equal(Enumerable.Repeat(0.0, 5).Concat(Enumerable.Range(1, 30).Select(second => (double)second)), starts.Select(start => Math.Round(start - starts[0], 2)));
        Assert.InRange(EntityCalls(), 1, 3);
        Assert.Equal((35, 0), (State().Granted, State().Returned));
    }

    [Fact]
    public void RunAsync_CallsWaitForTheirStart_TheirTimeoutDoesNotRunYet()
    {
        var result = Run(Calls("quick", 30), perMinute: 6, input => input with { BranchTimeout = TimeSpan.FromSeconds(1) }).Ended();
        Assert.True(result.Complete);
        Assert.All(result.Branches, branch => Assert.Equal(TimeSpan.FromMilliseconds(10), branch.Elapsed));
        Assert.InRange(Starts()[^1], 285, 295);
    }

    [Fact]
    public void RunAsync_AttemptsFail_EachFurtherOneNeedsAStartToo()
    {
        Assert.True(Run(Calls("flaky", 20), perMinute: 60).Ended().Complete);
        var starts = Starts();
        Assert.Equal(40, starts.Count);
        Assert.Equal(40, State().Granted - State().Returned);
        for (var i = 0; i < starts.Count; i++) Assert.True(starts.Skip(i).TakeWhile(start => start <= starts[i] + 5).Count() <= 10 + 5, $"at {starts[i]}");
    }

    [Fact]
    public void RunAsync_CriticalFails_TheRestOfTheReservationGoesBack()
    {
        var result = Run([new ToolFanOutCall { Key = "bad", Tool = "none" }, .. Calls("quick", 60)], perMinute: 60, input => input with { Critical = ["bad"] }).Ended();
        Assert.Equal(["bad"], result.FailedCritical);
        Assert.Equal((35, 30), (State().Granted, State().Returned));
        Assert.Equal(56, result.Branches.Count(branch => branch.Status == BranchStatus.Skipped));
        Assert.Equal(5, Starts().Count);
    }

    [Fact]
    public void RunAsync_SlicesOfALargeOne_ShareTheRate()
    {
        Assert.True(Run(Calls("quick", 450), perMinute: 600).Ended().Complete);
        var starts = Starts();
        Assert.Equal(450, starts.Count);
        Assert.InRange(starts[^1], 39, 46);
        for (var i = 0; i < starts.Count; i++) Assert.True(starts.Skip(i).TakeWhile(start => start <= starts[i] + 5).Count() <= 100 + 50, $"at {starts[i]}");
    }

    [Fact]
    public void RunAsync_AnotherRunHasReservedAhead_WaitsItsTurn()
    {
        var other = EntityReferences.CallRate("api");
        world.Apply(other, "lease", System.Text.Encoding.UTF8.GetBytes("""{"worker":"other","lease":1,"limits":{"requestsPerMinute":60},"ask":{"count":1000,"tokensEach":0,"maxWait":"00:01:00"}}"""));
        Assert.True(Run(Calls("quick", 2), perMinute: 60).Ended().Complete);
        Assert.Equal([61.0, 62.0], Starts().Select(start => Math.Round(start, 1)));
    }

    [Theory]
    [InlineData("", 60, "Name is ''")]
    [InlineData("api", 0, "PerMinute is 0. It must be 0.1 to 100,000.")]
    [InlineData("api", double.NaN, "PerMinute is NaN")]
    public void Validate_RateOutOfRange_IsRefused(string name, double perMinute, string expected)
    {
        var errors = new InputErrors();
        new ToolFanOutOrchestrator().Validate(new ToolFanOutInput { Calls = Calls("quick", 1), Rate = new CallRate { Name = name, PerMinute = perMinute } }, errors);
        Assert.StartsWith(expected, Assert.Single(errors.ByPath["rate"]), StringComparison.Ordinal);
    }

    private static ToolFanOutCall[] Calls(string tool, int count) => [.. Enumerable.Range(0, count).Select(i => new ToolFanOutCall { Tool = tool, Key = $"{tool} {i}", Arguments = JsonElement.Parse($$"""{"i":{{i}}}""") })];

    private ScriptedRun<ToolFanOutResult> Run(IReadOnlyList<ToolFanOutCall> calls, double perMinute, Func<ToolFanOutInput, ToolFanOutInput>? change = null)
    {
        var input = new ToolFanOutInput { Calls = calls, Rate = new CallRate { Name = "api", PerMinute = perMinute } };
        return world.Run(OrchestratorReferences.ToolFanOut, change?.Invoke(input) ?? input);
    }

    private RateLimiterState State() => world.EntityState<RateLimiterState>(EntityReferences.CallRate("api"))!;

    private int EntityCalls() => world.Log.Count(line => line.Contains("ratelimiter", StringComparison.Ordinal));

    private List<double> Starts() => [.. world.Log.Where(line => line.Contains(" activity CallTool ", StringComparison.Ordinal)).Select(line => double.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture) / 1000).Order()];
}
