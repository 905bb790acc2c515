using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities;
using AgentFunctions.Core.Limiting;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Caching;
using AgentFunctions.Core.Models.Deployments;
using AgentFunctions.Core.Models.Limiting;
using AgentFunctions.Core.Policies.RateLimiting;
using AgentFunctions.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Moq;

namespace AgentFunctions.Core.Tests.Limiting;

public sealed class DeploymentLimitersTests
{
    private static readonly RateLimits Limits = new() { RequestsPerMinute = 600 };
    private static readonly ModelOptions Models = new()
    {
        Endpoint = new Uri("https://one.example/v1"),
        MoreEndpoints = [new ModelEndpoint(new Uri("https://two.example/v1"))],
        Fast = new ModelChoice("small", ModelPrice.Free) { Limits = Limits },
        Embedding = new ModelChoice("vectors", ModelPrice.Free) { Limits = Limits },
    };

    [Fact]
    public void All_TwoEndpoints_EachDeploymentHasALimiter()
    {
        using var limiters = Make(new LimiterHost(TimeProvider.System));
        Assert.Equal(["small@one.example", "small@two.example", "vectors@one.example", "vectors@two.example"], limiters.All.Select(limiter => limiter.Deployment));
        Assert.Null(limiters.Find(new Uri("https://one.example/v1"), "gpt-4.1"));
    }

    [Fact]
    public void NameOf_Key_HasNothingThatAnInstanceIdMayNotHave() =>
        Assert.Equal("org_model@127.0.0.1:7079", EntityReferences.RateLimiter(DeploymentLimiters.NameOf(new Uri("http://127.0.0.1:7079/v1"), "org/model")).Key);

    [Fact]
    public async Task Acquire_NoClient_IsNotLimitedAndSaysSoOnce()
    {
        var lines = new CountedLines();
        using var limiter = new DeploymentLimiter("m@h", Limits, Mock.Of<IEngineClient>(), "w", new LimitOptions(), TimeProvider.System, lines);
        for (var i = 0; i < 3; i++) Assert.Same(Permit.Free, await limiter.AcquireAsync(1, RunPriority.Workflow, CancellationToken.None));
        Assert.Contains("'m@h'", Assert.Single(lines.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_AfterCallsAndARefusal_TellsTheEntityAndThisWorker()
    {
        var time = new ManualTime();
        var host = new LimiterHost(time);
        using var limiters = new DeploymentLimiters(Models, host, new LimitOptions(), time, NullLoggerFactory.Instance);
        var limiter = limiters.Find(Models.Endpoint!, "small")!;
        var permit = await limiter.AcquireAsync(10, RunPriority.Workflow, CancellationToken.None);

        permit.Refuse(TimeSpan.FromSeconds(20));
        var report = await limiters.ReportAsync(host.Current!, time.GetUtcNow(), CancellationToken.None);

        Assert.Equal(limiters.Worker, report.Worker);
        var small = report.Deployments[0];
        Assert.Equal(("small@one.example", 600.0, 0.0, 2L, 1L), (small.Deployment, small.RequestsPerMinute, small.TokensPerMinute, small.Granted, small.Refused));
        Assert.Equal(0.7, small.Share, 3);
        Assert.Equal(time.GetUtcNow().AddSeconds(20), small.PausedUntil);
        Assert.Equal((0, TimeSpan.FromSeconds(20)), (small.Here.Waiting, small.Here.ForecastWait));
        Assert.Equal((0L, 1.0, null), (report.Deployments[1].Granted, report.Deployments[1].Share, report.Deployments[1].PausedUntil));
    }

    [Fact]
    public void AddModels_WithAndWithoutLimits_OnlyThoseWithAreWrappedUnderTheCache()
    {
        using var services = new ServiceCollection().AddModels(new ModelOptions()).AddModels(Models).BuildServiceProvider();
        var models = services.GetRequiredService<IModelCatalog>();
        Assert.NotNull(models.Resolve("fast").Client.GetService(typeof(CachingChatClient)));
        Assert.NotNull(models.Resolve("fast").Client.GetService(typeof(LimitedChatClient)));
        Assert.Null(models.Resolve("capable").Client.GetService(typeof(LimitedChatClient)));
        Assert.NotNull(services.GetRequiredService<IEmbeddingCatalog>().Resolve("embedding").Generator.GetService(typeof(LimitedEmbeddingGenerator)));
    }

    [Fact]
    public void Options_OutOfRange_AreRefusedByName()
    {
        var result = new LimitOptionsValidation().Validate(null, new LimitOptions { InteractiveWait = TimeSpan.FromSeconds(-1), BackgroundWait = TimeSpan.FromHours(1) });
        Assert.Equal(["Limits:InteractiveWait is -00:00:01. Set it to between 00:00:00 and 00:10:00.", "Limits:BackgroundWait is 01:00:00. Set it to between 00:00:00 and 00:10:00."], result.Failures);
        Assert.Equal(ValidateOptionsResult.Success, new LimitOptionsValidation().Validate(null, new LimitOptions()));
    }

    private static DeploymentLimiters Make(IEngineClient client) => new(Models, client, new LimitOptions(), TimeProvider.System, NullLoggerFactory.Instance);

    private sealed class CountedLines : ILogger
    {
        public List<string> Warnings { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Warnings.Add(formatter(state, exception));
    }
}
