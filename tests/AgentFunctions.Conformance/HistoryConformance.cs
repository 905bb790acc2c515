using System.Globalization;
using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Conformance;

/// <summary>History as timelines need it: what each step was, when it ran, what made it start, what it cost.</summary>
public abstract class HistoryConformance(IConformanceHosts hosts, HostFlavour flavour) : ConformanceSuite(hosts, flavour)
{
    private static readonly OrchestratorReference<int, int> Main = new("Main");
    private static readonly OrchestratorReference<int, int> Child = new("Child");
    private static readonly ActivityReference<int, int> Work = new("Work");
    private static readonly ActivityReference<int, int> Held = new("Held");

    [Fact]
    public virtual async Task Steps_InSequence_AreEachCausedByTheOneBefore()
    {
        await HostAsync(c => c
            .Activity(Work, x => x + 1)
            .Orchestrator(Main, async (context, x) =>
            {
                x = await context.CallActivityAsync(Work, x, new CallOptions { Label = "first" });
                await context.CreateTimerAsync(TimeSpan.FromMilliseconds(50));
                return await context.CallActivityAsync(Work, x);
            }));

        var steps = await StepsOfAsync(Main);

        Assert.Equal([StepKind.Activity, StepKind.Timer, StepKind.Activity], steps.Select(s => s.Kind));
        Assert.Equal(["first", null, null], steps.Select(s => s.Label));
        Assert.Equal([null, steps[0].Id, steps[1].Id], steps.Select(s => s.CausedBy));
        Assert.Equal(3, steps.Select(s => s.Id).Distinct().Count());
        Assert.All(steps.Where(s => s.Kind == StepKind.Activity), s => Assert.Equal("Work", s.Name));
        Assert.All(steps, s => Assert.Equal(StepStatus.Completed, s.Status));
        Assert.True(steps[1].EndedAt - steps[1].ScheduledAt >= TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task Steps_OfEveryKind_AreListedWithTheirNames()
    {
        await HostAsync(c => c
            .Counter()
            .Activity(Work, x => x)
            .Orchestrator(Child, (_, x) => Task.FromResult(x))
            .Orchestrator(Main, async (context, x) =>
            {
                await context.CallActivityAsync(Work, x, new CallOptions { Label = "an activity" });
                await context.CallSubOrchestratorAsync(Child, x, "the child", new CallOptions { Label = "a child" });
                await context.CreateTimerAsync(TimeSpan.Zero);
                await context.CallEntityAsync(CounterEntity.At("a"), CounterEntity.Add, 1);
                return await context.WaitForExternalEventAsync<int>("go");
            }));
        var id = await StartAsync(Main, 1);
        await RaiseAsync(id, "go", 1);
        await CompletedAsync(id);

        var steps = await StepsAsync(id);

        var byKind = steps.ToDictionary(s => s.Kind);
        Assert.Equal(Enum.GetValues<StepKind>().Order(), byKind.Keys.Order());
        Assert.Equal(("Work", "an activity"), (byKind[StepKind.Activity].Name, byKind[StepKind.Activity].Label));
        Assert.Equal(("Child", "a child", "the child"), (byKind[StepKind.SubOrchestration].Name, byKind[StepKind.SubOrchestration].Label, byKind[StepKind.SubOrchestration].SubInstanceId));
        Assert.Contains("counter", byKind[StepKind.EntityCall].Name, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("go", byKind[StepKind.ExternalEvent].Name, ignoreCase: true);
        AssertTimesInOrder(steps);
    }

    [Fact]
    public async Task Steps_ThatStartTogether_HaveOneCauseAndTheJoinIsCausedByTheLastToEnd()
    {
        var gate = NewGate();
        await HostAsync(c => c
            .Activity(Work, x => x)
            .Activity(Held, async (_, x, token) =>
            {
                await gate.PassAsync(token);
                return x;
            })
            .Orchestrator(Main, async (context, x) =>
            {
                x = await context.CallActivityAsync(Work, x, new CallOptions { Label = "root" });
                await Task.WhenAll(
                    context.CallActivityAsync(Held, x, new CallOptions { Label = "slow" }),
                    context.CallActivityAsync(Work, x, new CallOptions { Label = "fast" }));
                return await context.CallActivityAsync(Work, x, new CallOptions { Label = "join" });
            }));
        var id = await StartAsync(Main, 1);
        await WithinPatienceAsync(gate.Entered, "the slow activity runs");
        var midway = await UntilAsync(() => StepsAsync(id), s => s.Any(x => x is { Label: "fast", Status: StepStatus.Completed }), "the fast activity has ended");

        var running = Assert.Single(midway, s => s.Label == "slow");
        Assert.Equal(StepStatus.Running, running.Status);
        Assert.Null(running.EndedAt);
        Assert.DoesNotContain(midway, s => s.Label == "join");
        gate.Open();
        await CompletedAsync(id);

        var steps = (await StepsAsync(id)).ToDictionary(s => s.Label!, StringComparer.Ordinal);
        Assert.Null(steps["root"].CausedBy);
        Assert.Equal(steps["root"].Id, steps["slow"].CausedBy);
        Assert.Equal(steps["root"].Id, steps["fast"].CausedBy);
        Assert.Equal(steps["slow"].Id, steps["join"].CausedBy);
        AssertTimesInOrder(steps.Values);
    }

    [Fact]
    public async Task Step_ThatFailed_SaysHow()
    {
        await HostAsync(c => c
            .Activity(Work, x => x == 0 ? throw new ThrottledException("slow down", TimeSpan.FromSeconds(2)) : x)
            .Orchestrator(Main, async (context, _) =>
            {
                try
                {
                    return await context.CallActivityAsync(Work, 0);
                }
                catch (TaskFailedException)
                {
                    return await context.CallActivityAsync(Work, 1);
                }
            }));

        var steps = await StepsOfAsync(Main);

        Assert.Equal([StepStatus.Failed, StepStatus.Completed], steps.Select(s => s.Status));
        Assert.Equal("ThrottledException", steps[0].Failure?.Type);
        Assert.Equal("slow down", steps[0].Failure?.Message);
        Assert.Equal(TimeSpan.FromSeconds(2), steps[0].Failure?.RetryAfter);
        Assert.Null(steps[1].Failure);
        Assert.Equal(steps[0].Id, steps[1].CausedBy);
        AssertTimesInOrder(steps);
    }

    [Fact]
    public async Task Step_ThatWasGivenUp_IsCancelled()
    {
        var gate = NewGate();
        await HostAsync(c => c
            .Activity(Held, async (_, x, token) =>
            {
                await gate.PassAsync(token);
                return x;
            })
            .Orchestrator(Main, async (context, x) =>
            {
                using var cancellation = new CancellationTokenSource();
                _ = context.CallActivityAsync(Held, x, new CallOptions { Label = "loser", Cancellation = cancellation.Token });
                _ = context.CreateTimerAsync(TimeSpan.FromDays(1), cancellation.Token);
                await context.WaitForExternalEventAsync<int>("stop");
                cancellation.Cancel();
                await context.CreateTimerAsync(TimeSpan.Zero);
                return x;
            }));
        var id = await StartAsync(Main, 1);
        await WithinPatienceAsync(gate.Entered, "the activity runs");
        await RaiseAsync(id, "stop", 0);
        await CompletedAsync(id);

        var steps = await StepsAsync(id);

        Assert.Equal(StepStatus.Cancelled, Assert.Single(steps, s => s.Kind == StepKind.Activity).Status);
        Assert.Equal([StepStatus.Cancelled, StepStatus.Completed], steps.Where(s => s.Kind == StepKind.Timer).Select(s => s.Status));
        AssertTimesInOrder(steps);
    }

    [Fact]
    public async Task Step_WhoseOutputHasACost_CarriesIt()
    {
        ActivityReference<int, Priced> priced = new("Priced");
        var cost = new Cost(1_200, 34, 0.000_56m, Estimated: true);
        await HostAsync(c => c
            .Activity(Work, x => x)
            .Activity(priced, x => new Priced("answer", x == 0 ? null : cost))
            .Orchestrator(Main, async (context, x) =>
            {
                await context.CallActivityAsync(Work, x);
                await context.CallActivityAsync(priced, 0);
                await context.CallActivityAsync(priced, 1);
                return x;
            }));

        Assert.Equal([null, null, cost], (await StepsOfAsync(Main)).Select(s => s.Cost));
    }

    [Fact]
    public async Task Steps_OfAWideRun_AreAllThereInOrder()
    {
        await HostAsync(c => c
            .Activity(Work, x => x)
            .Orchestrator(Main, async (context, n) =>
            {
                await Task.WhenAll(Enumerable.Range(0, n).Select(i => context.CallActivityAsync(Work, i, new CallOptions { Label = i.ToString(CultureInfo.InvariantCulture) })).ToList());
                return n;
            }));
        var id = await StartAsync(Main, 300);
        await CompletedAsync(id);

        var steps = await StepsAsync(id);

        Assert.Equal(Enumerable.Range(0, 300).Select(i => i.ToString(CultureInfo.InvariantCulture)), steps.Select(s => s.Label));
        Assert.All(steps, s => Assert.Null(s.CausedBy));
        AssertTimesInOrder(steps);
    }

    private static void AssertTimesInOrder(IEnumerable<HistoryStep> steps)
    {
        foreach (var step in steps)
        {
            Assert.NotNull(step.EndedAt);
            Assert.True(step.ScheduledAt <= step.EndedAt, $"The step {step.Id} {step.Name} ended at {step.EndedAt:O} and was scheduled at {step.ScheduledAt:O}.");
            if (step.StartedAt is { } started)
            {
                Assert.True(step.ScheduledAt <= started, $"The step {step.Id} {step.Name} started at {started:O} and was scheduled at {step.ScheduledAt:O}.");
                Assert.True(started <= step.EndedAt, $"The step {step.Id} {step.Name} ended at {step.EndedAt:O} and started at {started:O}.");
            }
        }
    }

    private async Task<IReadOnlyList<HistoryStep>> StepsOfAsync(OrchestratorReference<int, int> orchestrator)
    {
        var id = await StartAsync(orchestrator, 1);
        await CompletedAsync(id);
        return await StepsAsync(id);
    }
}
