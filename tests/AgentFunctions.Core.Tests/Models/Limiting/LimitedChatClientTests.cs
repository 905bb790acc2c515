using System.Net.Http;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities;
using AgentFunctions.Core.Limiting;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Limiting;
using AgentFunctions.Core.Policies.RateLimiting;
using AgentFunctions.Core.Tests.Limiting;
using AgentFunctions.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentFunctions.Core.Tests.Models.Limiting;

public sealed class LimitedChatClientTests : IDisposable
{
    private static readonly RateLimits Limits = new() { RequestsPerMinute = 600, TokensPerMinute = 600_000 };
    private readonly ManualTime time = new();
    private readonly LimiterHost host;
    private readonly DeploymentLimiter limiter;
    private readonly YesModel model = new();
    private readonly LimitedChatClient client;

    public LimitedChatClientTests()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        host = new LimiterHost(time);
        limiter = new DeploymentLimiter("m@h", Limits, host, "w", new LimitOptions(), time, NullLogger.Instance);
        client = new LimitedChatClient(model, limiter);
    }

    public void Dispose()
    {
        client.Dispose();
        limiter.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_Answered_IsSettledByWhatTheProviderCounts(bool streams)
    {
        model.Usage = new UsageDetails { InputTokenCount = 500, OutputTokenCount = 200, TotalTokenCount = 700 };

        Assert.Equal("yes", await AskAsync(streams, new ChatOptions { MaxOutputTokens = 1000 }));

        Assert.Equal(1001, Assert.Single(host.Requests).Ask!.TokensEach);
        Assert.Equal(500 + 1000 - 1001, Told());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_NoUsageReported_IsSettledByItsLength(bool streams)
    {
        await AskAsync(streams, new ChatOptions());
        Assert.Equal(2 - 257, Told());
    }

    [Fact]
    public async Task Ask_NoMostTokens_IsThoughtToAnswerAsCallsDidLately()
    {
        model.Usage = new UsageDetails { InputTokenCount = 1, OutputTokenCount = 2000 };
        for (var i = 0; i < 200; i++)
        {
            await AskAsync(streams: false, new ChatOptions());
            time.Advance(TimeSpan.FromSeconds(6));
        }

        Assert.Equal(257, host.Requests[0].Ask!.TokensEach);
        Assert.InRange(host.Requests.Last(request => request.Ask is not null).Ask!.TokensEach, 1900, 2001);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_Refused_IsToldToAllAndThrownOn(bool streams)
    {
        model.Failure = new ThrottledException("slow down", TimeSpan.FromSeconds(7));
        Assert.Equal(TimeSpan.FromSeconds(7), (await Assert.ThrowsAsync<ThrottledException>(() => AskAsync(streams, new ChatOptions()))).RetryAfter);
        Assert.Equal(TimeSpan.FromSeconds(7), host.Requests[^1].Refused);

        // The next has to wait for longer than it may.
        model.Failure = null;
        var refused = await Assert.ThrowsAsync<ThrottledException>(() => AskAsync(streams, Lane(RunPriority.Interactive)));
        Assert.Contains("within 00:00:05", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, model.Calls);
        var waits = AskAsync(streams, Lane(RunPriority.Workflow));
        for (var i = 0; i < 100 && !waits.IsCompleted; i++) time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal("yes", await waits.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_NeverSent_ThePermitIsForTheNext(bool streams)
    {
        model.Failure = new ModelUnavailableException("away", new HttpRequestException(HttpRequestError.ConnectionError));
        for (var i = 0; i < 2; i++) await Assert.ThrowsAsync<ModelUnavailableException>(() => AskAsync(streams, new ChatOptions()));
        Assert.Equal(host.StateOf(EntityReferences.RateLimiter("m@h"))!.Granted, limiter.Status().Held);
    }

    [Theory]
    [InlineData(typeof(PermanentFailureException), -1001)]
    [InlineData(typeof(TimeoutException), 0)]
    public async Task Ask_FailsOnTheOtherSide_WrongRequestsCostNoTokensAndLostOnesAsThought(Type failure, double told)
    {
        model.Failure = failure == typeof(TimeoutException) ? new TimeoutException("late") : new PermanentFailureException("wrong");
        await Assert.ThrowsAsync(failure, () => AskAsync(streams: false, new ChatOptions { MaxOutputTokens = 1000 }));
        Assert.Equal(told, Told());
    }

    [Fact]
    public async Task Embed_ABatch_IsOneRequestOfItsTokens()
    {
        using var vectors = new LimitedEmbeddingGenerator(new TwoNumberVectors(), limiter);
        await vectors.GenerateAsync(["four", "four", "four"]);
        Assert.Empty(await vectors.GenerateAsync([]));
        Assert.Equal(3, Assert.Single(host.Requests).Ask!.TokensEach);
        Assert.Equal(12 - 3, Told());
    }

    private static ChatOptions Lane(RunPriority lane) => new() { MaxOutputTokens = 10, AdditionalProperties = new() { [ModelProperties.Priority] = lane } };

    /// <summary>What is told of tokens after the first request.</summary>
    private double Told()
    {
        time.Advance(TimeSpan.FromSeconds(11));
        return host.Requests.Skip(1).Sum(request => request.Tokens);
    }

    private async Task<string> AskAsync(bool streams, ChatOptions options)
    {
        if (!streams) return (await client.GetResponseAsync("Why", options)).Text;
        var text = "";
        await foreach (var update in client.GetStreamingResponseAsync("Why", options)) text += update.Text;
        return text;
    }
}
