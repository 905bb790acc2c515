using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Core.Durable;
using AgentFunctions.Local.Engine;

namespace AgentFunctions.Local.Tests.Engine.Machine;

public sealed class IdleTests
{
    private static readonly OrchestratorReference<string, string> Wait = new("Wait");
    private static readonly ActivityReference<int, int> Work = new("Work");
    private static readonly OrchestratorReference<int, int> Busy = new("Busy");
    private readonly Dictionary<string, int> entered = [];

    [Theory]
    [InlineData(0, 0, 2)]
    [InlineData(1, 1, 2)]
    [InlineData(3, 3, 2)]
    [InlineData(100, 5, 1)]
    public void MaxIdleInMemory_FiveRunsWait_AtMostThatManyStayAndAnEventBringsTheOthersBack(int most, int kept, int enteredByTheFirst)
    {
        var bench = Bench(most);
        for (var run = 0; run < 5; run++)
        {
            bench.Start(Wait, $"input {run}", $"run-{run}");
        }

        Assert.Equal(kept, bench.Machine.IdleInMemory);
        for (var run = 0; run < 5; run++)
        {
            bench.Raise($"run-{run}", "first", $"a{run}");
            bench.Raise($"run-{run}", "second", $"b{run}");
            Assert.Equal($"input {run} a{run} b{run}", bench.Result<string>($"run-{run}"));
        }

        Assert.InRange(entered["run-0"], enteredByTheFirst, 3);
        Assert.Equal(0, bench.Machine.IdleInMemory);
    }

    [Fact]
    public void MaxIdleInMemory_One_TheLongestIdleLeavesFirst()
    {
        var bench = Bench(1);
        bench.Start(Wait, "a", "a");
        bench.Start(Wait, "b", "b");
        bench.Raise("b", "first", "x");
        Assert.Equal((1, 1), (entered["a"], entered["b"]));

        bench.Raise("a", "first", "x");
        Assert.Equal((2, 1), (entered["a"], entered["b"]));

        bench.Raise("b", "second", "y");
        Assert.Equal((2, 2), (entered["a"], entered["b"]));
        Assert.Equal("b x y", bench.Result<string>("b"));
    }

    [Fact]
    public void MaxIdleInMemory_Zero_ARunWithAnActivityStays()
    {
        var bench = Bench(0);
        bench.Start(Busy, 20, "busy");
        Assert.Equal(0, bench.Machine.IdleInMemory);

        bench.EndActivities(_ => bench.Json(1));

        Assert.Equal(21, bench.Result<int>("busy"));
        Assert.Equal(1, entered["busy"]);
    }

    [Fact]
    public void MaxIdleInMemory_Zero_AnEventInTheSameBatchAsTheStartFindsTheTurnNotYetWritten()
    {
        var bench = Bench(0);

        bench.Tell(new Local.Engine.Messages.StartRun(Wait.Name, "a", bench.Json("in"), RunPriority.Workflow));
        bench.Tell(new Local.Engine.Messages.RaiseEvent("a", "first", bench.Json("1")));
        bench.Tell(new Local.Engine.Messages.RaiseEvent("a", "second", bench.Json("2")));
        bench.Settle();

        Assert.Equal("in 1 2", bench.Result<string>("a"));
    }

    [Fact]
    public void Recovery_IdleRuns_AreNotInMemoryUntilTheyAreNeeded()
    {
        var bench = Bench(100);
        for (var run = 0; run < 20; run++)
        {
            bench.Start(Wait, "in", $"run-{run}");
        }

        entered.Clear();
        bench.Crash();
        Assert.Empty(entered);

        bench.Raise("run-7", "first", "1");
        Assert.Equal(["run-7"], entered.Keys);
        bench.Raise("run-7", "second", "2");
        Assert.Equal("in 1 2", bench.Result<string>("run-7"));
    }

    private MachineBench Bench(int most) => new(
        c => c
            .Activity(Work, x => x)
            .Orchestrator(Wait, async (context, input) =>
            {
                Note(context);
                return $"{input} {await context.WaitForExternalEventAsync<string>("first")} {await context.WaitForExternalEventAsync<string>("second")}";
            })
            .Orchestrator(Busy, async (context, input) =>
            {
                Note(context);
                return input + await context.CallActivityAsync(Work, input);
            }),
        new EngineOptions { MaxIdleInMemory = most });

    private void Note(OrchestrationContext context) => entered[context.InstanceId] = entered.GetValueOrDefault(context.InstanceId) + 1;
}
