using System.Text;
using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Core.Durable;
using AgentFunctions.Local.Engine;
using AgentFunctions.Local.Engine.Messages;

namespace AgentFunctions.Local.Tests.Engine.Machine;

public sealed class LifecycleTests
{
    private static readonly OrchestratorReference<string, string> Main = new("Main");
    private static readonly ActivityReference<int, int> Work = new("Work");
    private static readonly OrchestratorReference<int, int> Child = new("Child");

    [Fact]
    public void Restart_InPlace_UsesNoIdempotencyKeyGuidOrChildIdAgain()
    {
        var guids = new List<Guid>();
        var bench = new MachineBench(c => c.Activity(Work, x => x).Orchestrator(Child, (context, _) => context.WaitForExternalEventAsync<int>("go")).Orchestrator(Main, async (context, input) =>
        {
            guids.Add(context.NewGuid());
            _ = context.CallSubOrchestratorAsync(Child, input.Length);
            await context.CallActivityAsync(Work, 1);
            await context.WaitForExternalEventAsync<int>("end");
            return "done";
        }));
        bench.Start(Main, "", "p");
        var keys = bench.Begun.Select(w => w.CallId).ToList();
        bench.EndActivities(_ => bench.Json(1));
        bench.Raise("p", "end", 0);
        // It ended with a child that it did not wait for, and that lives on.
        Assert.Equal(RuntimeStatus.Running, bench.Read("p:0000").Status);

        bench.Ask(new RestartRun("p", "p"));

        Assert.DoesNotContain(Assert.Single(bench.Begun).CallId, keys);
        Assert.Equal(2, guids.Distinct().Count());
        bench.EndActivities(_ => bench.Json(1));
        Assert.Equal(RuntimeStatus.Running, bench.Read("p").Status);
        Assert.Equal(3, bench.Machine.InstanceCount);
    }

    [Fact]
    public void Restart_TheOrchestratorIsNoLongerThere_IsRefusedAndChangesNothing()
    {
        var bench = new MachineBench(c => c.Orchestrator(Main, (_, input) => Task.FromResult(input)));
        bench.Start(Main, "in", "a");
        bench.Crash(changed: _ => { });

        foreach (var id in new[] { "a", "b" })
        {
            var request = new RestartRun("a", id);
            bench.Tell(request);
            bench.Settle();
            Assert.IsType<OrchestratorNotFoundException>(request.Source.Task.Exception?.InnerException);
        }

        Assert.Equal(1, bench.Machine.InstanceCount);
        bench.Crash();
        Assert.Equal("in", bench.Result<string>("a"));
    }

    [Fact]
    public void NewGuid_ExecutionsThatCallNothing_NeverRepeatOne()
    {
        var guids = new List<Guid>();
        var bench = new MachineBench(c => c.Orchestrator(Main, async (context, _) =>
        {
            guids.Add(context.NewGuid());
            await context.WaitForExternalEventAsync<int>("go");
            context.ContinueAsNew("");
            return "";
        }));
        bench.Start(Main, "", "a");
        for (var i = 0; i < 5; i++)
        {
            bench.Raise("a", "go", 0);
        }

        Assert.Equal(6, guids.Count);
        Assert.Equal(6, guids.Distinct().Count());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Turn_ThatEndsTheExecution_BeginsNoActivityThatNobodyWaitsFor(bool continues)
    {
        var bench = new MachineBench(c => c.Activity(Work, x => x).Orchestrator(Main, (context, input) =>
        {
            _ = context.CallActivityAsync(Work, 1);
            if (continues && input.Length < 3)
            {
                context.ContinueAsNew(input + "x");
            }

            return Task.FromResult("ended");
        }));

        bench.Start(Main, "", "a");

        Assert.Equal("ended", bench.Result<string>("a"));
        Assert.Empty(bench.Begun);
    }

    [Fact]
    public void Turn_WideAndEndedAtOnce_NothingIsBegunOrLeft()
    {
        var bench = new MachineBench(c => c.Activity(Work, x => x).Orchestrator(Main, async (context, _) =>
        {
            using var cancellation = new CancellationTokenSource();
            var calls = Enumerable.Range(0, 100).Select(i => context.CallActivityAsync(Work, i, new CallOptions { Cancellation = cancellation.Token })).ToList();
            cancellation.Cancel();
            Assert.All(calls, c => Assert.True(c.IsCanceled));
            return await context.WaitForExternalEventAsync<string>("end");
        }));
        bench.Start(Main, "", "a");

        Assert.Empty(bench.Begun);
        Assert.Empty(bench.Stopped);
        bench.Raise("a", "end", "over");
        Assert.Equal("over", bench.Result<string>("a"));
    }

    [Theory]
    [InlineData("9223372036854775807")]
    [InlineData("5000000000")]
    public async Task List_ATokenThatNoPageGave_IsAnsweredAtOnce(string token)
    {
        var bench = new MachineBench(c => c.Orchestrator(Main, (_, input) => Task.FromResult(input)));
        bench.Start(Main, "", "a");

        var (runs, next) = await Task.Run(() => bench.Ask(new ListRuns(new RunQuery { ContinuationToken = token }))).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal("a", Assert.Single(runs).Id);
        Assert.Null(next);
    }

    [Fact]
    public async Task Read_InTheBatchThatBeginsASegment_CanBeReadAfterTheWrite()
    {
        var bench = new MachineBench(c => c.Orchestrator(Main, async (context, input) => input + (await context.WaitForExternalEventAsync<string>("go")).Length));
        var large = new string('x', 50_000);
        bench.Start(Main, large, "a");

        // One batch: an event too large for the segment, a read, and no write in between.
        var read = new ReadRun("a");
        bench.Tell(new RaiseEvent("a", "go", bench.Json(large)));
        bench.Tell(read);
        bench.Flush();

        var run = (await read.Source.Task)!;
        Assert.Equal(RuntimeStatus.Completed, run.Status);
        Assert.Equal(2, run.Turns().Count());
        Assert.Contains("50000", Encoding.UTF8.GetString(((Local.Engine.History.ExecutionCompleted)run.LastTurn().Requests.Single()).Output.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void Abandon_WhoeverStillWaits_IsToldWhy()
    {
        var bench = new MachineBench(c => c.Orchestrator(Main, async (context, _) =>
        {
            await context.WaitForExternalEventAsync<int>("go");
            context.ContinueAsNew("");
            return "";
        }));
        bench.Start(Main, "", "a");
        var answered = new ReadRun("a");
        bench.Tell(answered);
        bench.Tell(new RaiseEvent("a", "go", bench.Json(0)));
        // Between two executions, an event waits inside the machine for the next one.
        var waiting = new RaiseEvent("a", "go", bench.Json(0));
        bench.Tell(waiting);

        bench.Machine.Abandon(new EngineStoppedException("stopped", null));

        Assert.IsType<EngineStoppedException>(answered.Source.Task.Exception?.InnerException);
        Assert.IsType<EngineStoppedException>(waiting.Source.Task.Exception?.InnerException);
    }
}
