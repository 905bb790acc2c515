using System.Text;
using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;
using AgentFunctions.Local.Engine;
using AgentFunctions.Local.Engine.History;
using AgentFunctions.Local.Engine.Machine;
using AgentFunctions.Local.Engine.Messages;
using AgentFunctions.Local.Journal;
using Microsoft.Extensions.Logging.Abstractions;
using JournalLog = AgentFunctions.Local.Journal.Journal;

namespace AgentFunctions.Local.Tests.Engine.Machine;

public sealed class RecoveryTests
{
    private static readonly OrchestratorReference<int, int> Child = new("Child");
    private static readonly OrchestratorReference<string, string> Main = new("Main");
    private static readonly ActivityReference<int, int> Work = new("Work");

    [Fact]
    public void Recover_EndedRuns_KeepTheirInputOutputFailureAndStatus()
    {
        var bench = new MachineBench(c => c.Orchestrator(Main, (context, input) =>
        {
            context.SetCustomStatus($"status of {input}");
            return input == "bad" ? throw new InvalidOperationException("as asked") : Task.FromResult($"output of {input}");
        }).Orchestrator(Child, (context, _) => context.WaitForExternalEventAsync<int>("never")));
        bench.Start(Main, "good", "completed");
        bench.Start(Main, "bad", "failed");
        bench.Start(Child, 1, "terminated");
        bench.Ask(new TerminateRun("terminated", "the reason"));

        bench.Crash();
        bench.Crash();

        Assert.Equal("output of good", bench.Result<string>("completed"));
        Assert.Equal("\"status of good\"", Encoding.UTF8.GetString(bench.Read("completed").CustomStatus()!.Value.Span));
        Assert.Equal("\"bad\"", Encoding.UTF8.GetString(bench.Read("failed").Started().Input.Span));
        Assert.Equal((RuntimeStatus.Failed, "as asked"), (bench.Read("failed").Status, bench.Read("failed").Failure?.Message));
        Assert.Equal("the reason", Assert.IsType<ExecutionTerminated>(bench.Read("terminated").LastTurn().Input).Reason);
    }

    [Fact]
    public void ResumeWork_TheParentWasTerminatedJustBefore_TerminatesTheChild()
    {
        var bench = Family(waitForChild: true);
        bench.Start(Main, "", "p");
        Assert.Equal(RuntimeStatus.Running, bench.Read("p:0000").Status);

        // The parent's end is written, what it tells its child is not yet handled.
        bench.Tell(new TerminateRun("p", "enough"));
        bench.Flush();
        bench.Crash();
        bench.Settle();

        Assert.Equal(RuntimeStatus.Terminated, bench.Read("p:0000").Status);
    }

    [Fact]
    public void ResumeWork_TheParentWasAbortedJustBefore_TerminatesTheChild()
    {
        var bench = Family(waitForChild: true);
        bench.Start(Main, "", "p");

        bench.Tell(new ForeignTaskAwaited(bench.Read("p").Handle));
        bench.Flush();
        bench.Crash();
        bench.Settle();

        Assert.Equal("ForeignTaskException", bench.Read("p").Failure?.Type);
        Assert.Equal(RuntimeStatus.Terminated, bench.Read("p:0000").Status);
    }

    [Fact]
    public void ResumeWork_TheParentEndedByItself_LeavesTheChildAlone()
    {
        var bench = Family(waitForChild: false);
        bench.Start(Main, "", "p");
        bench.Raise("p", "end", "done");
        Assert.Equal("done", bench.Result<string>("p"));

        bench.Crash();
        bench.Settle();

        Assert.Equal(RuntimeStatus.Running, bench.Read("p:0000").Status);
    }

    [Fact]
    public void ResumeWork_ASecondCallUnderAnInstanceIdThatHasEnded_FailsAndDoesNotHang()
    {
        var bench = new MachineBench(c => c.Orchestrator(Child, (_, x) => Task.FromResult(x)).Orchestrator(Main, async (context, _) =>
        {
            await context.CallSubOrchestratorAsync(Child, 1, "child");
            await context.WaitForExternalEventAsync<int>("go");
            try
            {
                await context.CallSubOrchestratorAsync(Child, 2, "child");
                return "no failure";
            }
            catch (TaskFailedException e)
            {
                return e.Details.Type;
            }
        }));
        bench.Start(Main, "", "p");

        // The second call is written; the engine dies before it looks at the instance ID.
        bench.Tell(new RaiseEvent("p", "go", bench.Json(0)));
        bench.Flush();
        bench.Crash();
        bench.Settle();

        Assert.Equal("InstanceIdTakenException", bench.Result<string>("p"));
    }

    [Fact]
    public void ResumeWork_ActivitiesWithoutAnOutcome_BeginAgainWithTheirInputAndNoOther()
    {
        var bench = new MachineBench(c => c.Activity(Work, x => x).Orchestrator(Child, async (context, n) =>
        {
            var all = await Task.WhenAll(Enumerable.Range(0, n).Select(i => context.CallActivityAsync(Work, i)));
            return all.Sum();
        }));
        bench.Start(Child, 10, "a");
        foreach (var work in bench.Begun.Take(4))
        {
            bench.Tell(new ActivityEnded(work.Handle, work.CallId, bench.Json(100), null, bench.Now));
        }

        bench.Settle();
        bench.Crash();
        bench.Settle();

        Assert.Equal(["4", "5", "6", "7", "8", "9"], bench.Begun.Select(w => Encoding.UTF8.GetString(w.Input.Span)));
        bench.EndActivities(_ => bench.Json(1));
        Assert.Equal(406, bench.Result<int>("a"));
    }

    [Fact]
    public void Recover_ARecordWithAnUnknownSection_IsAnErrorThatSaysWhere()
    {
        var storage = new MemoryJournalStorage();
        using (var journal = JournalLog.Open(storage, new JournalOptions(), (_, _) => { }))
        {
            journal.Append([200, 1, 2, 3]);
            journal.Write(journal.TakeBatch());
        }

        var machine = new EngineMachine(TestCatalog.Build(_ => { }), new EngineOptions(), NullLoggerFactory.Instance, () => { });
        var refused = Assert.Throws<InvalidDataException>(() => JournalLog.Open(storage, new JournalOptions(), machine.Recover));

        Assert.Contains("record at 1:", refused.Message, StringComparison.Ordinal);
        Assert.Contains("there is no such section", refused.Message, StringComparison.Ordinal);
        Assert.Contains("version", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Recover_HalfASurrogatePairInANameOrKey_ComesBackAsItWas()
    {
        var id = new EntityId(CounterEntity.Name, "cut \ud83d");
        var bench = new MachineBench(c => c.Counter().Orchestrator(Child, (context, x) => context.WaitForExternalEventAsync<int>("go")).Orchestrator(Main, async (context, _) =>
        {
            await context.CallEntityAsync(id, CounterEntity.Add, 1);
            return $"{await context.CallSubOrchestratorAsync(Child, 1, "child \ud83d")}";
        }));
        bench.Start(Main, "", "p");

        bench.Crash();
        bench.Raise("child \ud83d", "go", 7);

        Assert.Equal("7", bench.Result<string>("p"));
        Assert.Equal(1, DurableJson.Parse(bench.Ask(new ReadEntity(id))!.Value).GetProperty("value").GetInt32());
    }

    private static MachineBench Family(bool waitForChild) => new(c => c
        .Orchestrator(Child, (context, _) => context.WaitForExternalEventAsync<int>("never"))
        .Orchestrator(Main, async (context, _) =>
        {
            var child = context.CallSubOrchestratorAsync(Child, 1);
            if (waitForChild)
            {
                await child;
            }

            return await context.WaitForExternalEventAsync<string>("end");
        }));
}
