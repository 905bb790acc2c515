using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;
using AgentFunctions.Local.Engine.Messages;

namespace AgentFunctions.Local.Tests.Engine.Machine;

public sealed class EntityOrderTests
{
    private static readonly OrchestratorReference<int, int> Main = new("Main");
    private static readonly EntityId Log = CounterEntity.At("log");

    [Fact]
    public void Signal_AfterACallThatIsNotAwaitedYet_AppliesAfterIt()
    {
        var bench = Bench();

        bench.Start(Main, 0, "a");

        Assert.Equal(["signal 1", "call 1", "signal 2", "call 2", "signal 3", "other"], Entries(bench));
        Assert.Equal(3, bench.Result<int>("a"));
    }

    [Fact]
    public void Signal_AfterACall_TheEngineDiesBeforeTheCallIsApplied_AppliesOnceAndInOrder()
    {
        var bench = Bench();
        bench.Tell(new StartRun(Main.Name, "a", bench.Json(0), RunPriority.Workflow));
        bench.Flush();

        bench.Crash();
        Assert.Equal(["signal 1"], Entries(bench, settle: false));
        bench.Settle();
        bench.Crash();
        bench.Settle();

        Assert.Equal(["signal 1", "call 1", "signal 2", "call 2", "signal 3", "other"], Entries(bench));
    }

    [Fact]
    public void Signal_AfterACall_TheRunIsTerminatedBeforeTheCallIsApplied_StillApplies()
    {
        var bench = Bench();
        bench.Tell(new StartRun(Main.Name, "a", bench.Json(0), RunPriority.Workflow));
        bench.Tell(new TerminateRun("a", null));
        bench.Settle();

        Assert.Equal(["signal 1", "signal 2", "signal 3"], Entries(bench));
        bench.Crash();
        bench.Settle();
        Assert.Equal(["signal 1", "signal 2", "signal 3"], Entries(bench));
    }

    private static List<string?> Entries(MachineBench bench, bool settle = true)
    {
        if (settle)
        {
            bench.Settle();
        }

        var request = new ReadEntity(Log);
        bench.Tell(request);
        bench.Flush();
        return [.. DurableJson.Parse(request.Source.Task.GetAwaiter().GetResult()!.Value).GetProperty("log").EnumerateArray().Select(e => e.GetString())];
    }

    private static MachineBench Bench() => new(c => c.Counter().Orchestrator(Main, async (context, _) =>
    {
        context.SignalEntity(Log, CounterEntity.Append, "signal 1");
        var first = context.CallEntityAsync(Log, CounterEntity.Append, "call 1");
        context.SignalEntity(Log, CounterEntity.Append, "signal 2");
        var second = context.CallEntityAsync(Log, CounterEntity.Append, "call 2");
        context.SignalEntity(Log, CounterEntity.Append, "signal 3");
        await second;
        context.SignalEntity(Log, CounterEntity.Append, "other");
        return await first + 1;
    }));
}
