using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Conformance;

/// <summary>How things fail: with details that tell, where they can be caught, and never by hanging.</summary>
public abstract class FailureConformance(IConformanceHosts hosts, HostFlavour flavour) : ConformanceSuite(hosts, flavour)
{
    private static readonly OrchestratorReference<string, string> Main = new("Main");
    private static readonly OrchestratorReference<string, FailureDetails> Details = new("Details");
    private static readonly ActivityReference<string, string> Work = new("Work");

    [Fact]
    public async Task Activity_Throws_CallerCatchesTypeMessageAndStep()
    {
        var details = await CaughtAsync(() => new InvalidOperationException("no such row 17"));

        Assert.Equal("InvalidOperationException", details.Type);
        Assert.Equal("no such row 17", details.Message);
        Assert.False(details.Permanent);
        Assert.Null(details.RetryAfter);
        Assert.Contains("Work", details.Step, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Activity_ThrowsPermanentFailure_IsMarkedPermanent()
    {
        var details = await CaughtAsync(() => new PermanentFailureException("refused for good"));

        Assert.Equal("PermanentFailureException", details.Type);
        Assert.Equal("refused for good", details.Message);
        Assert.True(details.Permanent);
    }

    [Fact]
    public async Task Activity_ThrowsArgumentException_IsMarkedPermanent() =>
        Assert.True((await CaughtAsync(() => new ArgumentOutOfRangeException("size", 9, "too much"))).Permanent);

    [Fact]
    public async Task Activity_ThrowsThrottled_KeepsRetryAfter()
    {
        var details = await CaughtAsync(() => new ThrottledException("slow down", TimeSpan.FromMilliseconds(1_500)));

        Assert.Equal("ThrottledException", details.Type);
        Assert.Equal(TimeSpan.FromMilliseconds(1_500), details.RetryAfter);
        Assert.False(details.Permanent);
    }

    [Fact]
    public async Task Activity_ThrowsOperationCanceledUnasked_IsAFailureLikeAnyOther() =>
        Assert.Equal("OperationCanceledException", (await CaughtAsync(() => new OperationCanceledException("its own timeout"))).Type);

    [Fact]
    public async Task Activity_ThrowsBeforeItsFirstAwait_IsAFailureLikeAnyOther()
    {
        await HostAsync(c => c
            .Activity(Work, (Func<string, string>)(_ => throw new InvalidOperationException("at once")))
            .Orchestrator(Details, CatchAsync));

        Assert.Equal("at once", (await ResultAsync(Details, "x")).Message);
    }

    [Fact]
    public async Task Activity_CannotBeMade_IsAFailureLikeAnyOther()
    {
        await HostAsync(c => c
            .AddActivity(Work, _ => throw new InvalidOperationException("no connection string"))
            .Orchestrator(Details, CatchAsync));

        Assert.Equal("no connection string", (await ResultAsync(Details, "x")).Message);
    }

    [Fact]
    public async Task Activity_InputDoesNotFit_FailsPermanently()
    {
        ActivityReference<int, string> wronglyTyped = new("Work");
        await HostAsync(c => c
            .Activity(Work, x => x)
            .Orchestrator(Details, async (context, _) =>
            {
                try
                {
                    await context.CallActivityAsync(wronglyTyped, 5);
                }
                catch (TaskFailedException e)
                {
                    return e.Details;
                }

                throw new InvalidOperationException("The number was taken for a text.");
            }));

        var details = await ResultAsync(Details, "x");

        Assert.Equal("JsonException", details.Type);
        Assert.True(details.Permanent);
    }

    [Fact]
    public async Task Activity_OutputDoesNotFit_FailsTheRun()
    {
        ActivityReference<string, int> wronglyTyped = new("Work");
        await HostAsync(c => c
            .Activity(Work, x => x)
            .Orchestrator(Main, async (context, x) => $"{await context.CallActivityAsync(wronglyTyped, x)}"));

        var failure = await FailedAsync(await StartAsync(Main, "text"));

        Assert.NotEmpty(failure.Message);
    }

    [Fact]
    public async Task Orchestrator_Throws_FailsTheRunWithDetails()
    {
        await HostAsync(c => c.Orchestrator(Main, async (context, x) =>
        {
            await context.CreateTimerAsync(TimeSpan.Zero);
            throw new InvalidOperationException($"can't go on with {x}");
        }));

        var id = await StartAsync(Main, "this");
        var failure = await FailedAsync(id);

        Assert.Equal("InvalidOperationException", failure.Type);
        Assert.Equal("can't go on with this", failure.Message);
        Assert.Null((await StateAsync(id)).Output);
    }

    [Fact]
    public async Task Orchestrator_ThrowsBeforeItsFirstAwait_FailsTheRun()
    {
        await HostAsync(c => c.Orchestrator(Main, (_, _) => throw new InvalidOperationException("at once")));

        Assert.Equal("at once", (await FailedAsync(await StartAsync(Main, "x"))).Message);
    }

    [Fact]
    public async Task Orchestrator_ThrowsOperationCanceled_FailsTheRun()
    {
        await HostAsync(c => c.Orchestrator(Main, async (context, _) =>
        {
            await context.CreateTimerAsync(TimeSpan.Zero);
            throw new OperationCanceledException("gave up");
        }));

        Assert.Contains("gave up", (await FailedAsync(await StartAsync(Main, "x"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Orchestrator_LetsAFailureThrough_FailsTheRunWithTheStepsDetails()
    {
        await HostAsync(c => c
            .Activity(Work, (Func<string, string>)(_ => throw new PermanentFailureException("refused")))
            .Orchestrator(Main, (context, x) => context.CallActivityAsync(Work, x)));

        var failure = await FailedAsync(await StartAsync(Main, "x"));

        Assert.Equal("PermanentFailureException", failure.Type);
        Assert.Equal("refused", failure.Message);
        Assert.True(failure.Permanent);
        Assert.Contains("Work", failure.Step, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Orchestrator_CatchesAFailure_GoesOn()
    {
        await HostAsync(c => c
            .Activity(Work, x => x == "bad" ? throw new InvalidOperationException("bad one") : $"did {x}")
            .Orchestrator(Main, async (context, x) =>
            {
                try
                {
                    return await context.CallActivityAsync(Work, x);
                }
                catch (TaskFailedException)
                {
                    return await context.CallActivityAsync(Work, "the compensation");
                }
            }));

        Assert.Equal("did the compensation", await ResultAsync(Main, "bad"));
    }

    [Fact]
    public async Task FanOut_OneOfMany_FailsAndTheOthersResultsStay()
    {
        await HostAsync(c => c
            .Activity(Work, x => x == "3" ? throw new InvalidOperationException("three") : x)
            .Orchestrator(Main, async (context, _) =>
            {
                var calls = new[] { "1", "2", "3", "4" }.Select(x => context.CallActivityAsync(Work, x)).ToList();
                try
                {
                    await Task.WhenAll(calls);
                    return "no failure";
                }
                catch (TaskFailedException e)
                {
                    var good = await Task.WhenAll(calls.Where(c => c.IsCompletedSuccessfully));
                    return $"{string.Join(',', good)} but {e.Details.Message}";
                }
            }));

        Assert.Equal("1,2,4 but three", await ResultAsync(Main, ""));
    }

    [Fact]
    public async Task Input_DoesNotFit_FailsTheRun()
    {
        OrchestratorReference<int, int> number = new("Number");
        await HostAsync(c => c.Orchestrator(number, (_, x) => Task.FromResult(x)));

        var started = await Client.StartAsync("Number", ToJson("no number"), new StartOptions(), Patience);

        Assert.Equal("JsonException", (await FailedAsync(started.InstanceId)).Type);
    }

    private static async Task<FailureDetails> CatchAsync(OrchestrationContext context, string x)
    {
        try
        {
            await context.CallActivityAsync(Work, x);
        }
        catch (TaskFailedException e)
        {
            return e.Details;
        }

        throw new InvalidOperationException("The activity did not fail.");
    }

    private async Task<FailureDetails> CaughtAsync(Func<Exception> thrown)
    {
        await HostAsync(c => c
            .Activity(Work, async (_, _, _) =>
            {
                await Task.Yield();
                throw thrown();
            })
            .Orchestrator(Details, CatchAsync));
        return await ResultAsync(Details, "x");
    }
}
