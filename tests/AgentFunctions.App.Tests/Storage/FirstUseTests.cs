using AgentFunctions.App.Storage;

namespace AgentFunctions.App.Tests.Storage;

public sealed class FirstUseTests
{
    [Fact]
    public async Task Run_ManyAtOnce_RunsOnce()
    {
        var gate = new TaskCompletionSource();
        var runs = 0;
        var first = new FirstUse();
        var callers = Enumerable.Range(0, 5).Select(_ => first.RunAsync(
            _ =>
            {
                runs++;
                return gate.Task;
            },
            CancellationToken.None)).ToArray();
        Assert.DoesNotContain(callers, c => c.IsCompleted);
        gate.SetResult();
        await Task.WhenAll(callers);
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task Run_AfterAFailure_RunsAgain()
    {
        var first = new FirstUse();
        await Assert.ThrowsAsync<IOException>(() => first.RunAsync(_ => Task.FromException(new IOException("down")), CancellationToken.None));
        var ran = false;
        await first.RunAsync(
            _ =>
            {
                ran = true;
                return Task.CompletedTask;
            },
            CancellationToken.None);
        Assert.True(ran);
    }

    [Fact]
    public async Task Run_CallerGivesUp_TheWorkGoesOn()
    {
        var gate = new TaskCompletionSource();
        var first = new FirstUse();
        using var impatient = new CancellationTokenSource();
        var wait = first.RunAsync(_ => gate.Task, impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        gate.SetResult();
        await first.RunAsync(_ => throw new InvalidOperationException("It must not run again."), CancellationToken.None);
        Assert.True(gate.Task.IsCompletedSuccessfully);
    }
}
