using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities;
using AgentFunctions.Core.Limiting;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Policies.RateLimiting;
using AgentFunctions.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentFunctions.Core.Tests.Limiting;

/// <summary>A host that stops gives back the permits that its workers hold.</summary>
public sealed class LimitReturnTests
{
    private static readonly Uri Endpoint = new("https://one.example/v1");
    private readonly ManualTime time = new();

    [Fact]
    public async Task Stopping_PermitsAreHeld_TheyComeBackToTheLimiter()
    {
        var engine = new LimiterHost(time);
        await using var services = Services(engine);
        await HoldAsync(services);

        await Service(services).StoppingAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));

        var state = engine.StateOf(EntityReferences.RateLimiter("small@one.example"))!;
        Assert.Equal(state.Returned, state.Rate.Free!.Sum(start => start.Count));
        Assert.InRange(state.Returned, 1, state.Granted);

        // Ten a second: those that start sooner than a message takes are not worth one.
        Assert.InRange(services.GetRequiredService<DeploymentLimiters>().All[0].Status().Held, 0, 10);
    }

    [Fact]
    public async Task Stopping_TheLimiterDoesNotAnswer_GoesOnAfterThreeSeconds()
    {
        var engine = new LimiterHost(time);
        await using var services = Services(engine);
        await HoldAsync(services);
        engine.Serves = false;

        var stopping = Service(services).StoppingAsync(CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(stopping.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));

        await stopping.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Stopping_TheHostHurries_GoesOnAtOnce()
    {
        var engine = new LimiterHost(time);
        await using var services = Services(engine);
        await HoldAsync(services);
        engine.Serves = false;
        using var hurry = new CancellationTokenSource();

        var stopping = Service(services).StoppingAsync(hurry.Token);
        await hurry.CancelAsync();

        await stopping.WaitAsync(TimeSpan.FromSeconds(10));
    }

    private static ReturnAtStop<DeploymentLimiters> Service(IServiceProvider services) => services.GetServices<IHostedService>().OfType<ReturnAtStop<DeploymentLimiters>>().Single();

    /// <summary>More calls than may start at once, given up when all have a permit that is still to come.</summary>
    private static async Task HoldAsync(IServiceProvider services)
    {
        var limiter = services.GetRequiredService<DeploymentLimiters>().All[0];
        using var givenUp = new CancellationTokenSource();
        var calls = Enumerable.Range(0, 120).Select(_ => limiter.AcquireAsync(10, RunPriority.Background, givenUp.Token)).ToList();
        await givenUp.CancelAsync();
        foreach (var call in calls.Where(call => !call.IsCompletedSuccessfully)) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.InRange(limiter.Status().Held, 1, 120);
    }

    private ServiceProvider Services(LimiterHost engine) => new ServiceCollection()
        .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
        .AddSingleton<TimeProvider>(time)
        .AddSingleton<IEngineClient>(engine)
        .AddModels(new ModelOptions { Endpoint = Endpoint, Fast = new ModelChoice("small", ModelPrice.Free) { Limits = new RateLimits { RequestsPerMinute = 600 } } })
        .BuildServiceProvider();
}
