using System.Diagnostics;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.OpenAICompatible;
using AgentFunctions.Local.ProviderSimulator;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Local.Tests.ProviderSimulator;

/// <summary>Our adapter over the real OpenAI SDK against the simulator, over real HTTP.</summary>
public sealed class SimulatedProviderTests
{
    private static readonly ProviderSimulatorOptions Quick = new() { Port = 0, BaseMilliseconds = 0, MillisecondsPerToken = 0 };

    private static readonly ChatMessage[] Question =
    [
        new(ChatRole.System, "Answer the question."),
        new(ChatRole.User, "The canal was dug in four years by nine thousand workers. Ducks live on it. The canal joins two seas.\n\nHow long did it take to dig the canal?"),
    ];

    [Fact]
    public async Task GetResponse_Normal_AnswersWithUsage()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick);
        var response = await Client(provider).GetResponseAsync(Question);
        Assert.Contains("four years", response.Text, StringComparison.Ordinal);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.Equal("test-model", response.ModelId);
        Assert.True(response.Usage is { InputTokenCount: > 20, OutputTokenCount: > 5 });
        Assert.Equal(response.Usage.InputTokenCount + response.Usage.OutputTokenCount, response.Usage.TotalTokenCount);
    }

    [Fact]
    public async Task GetResponse_MaxOutputTokens_IsKeptAndSaid()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick);
        var response = await Client(provider).GetResponseAsync(Question, new ChatOptions { MaxOutputTokens = 4 });
        Assert.Equal(ChatFinishReason.Length, response.FinishReason);
        Assert.InRange(response.Usage!.OutputTokenCount!.Value, 1, 4);
    }

    [Fact]
    public async Task GetStreamingResponse_Normal_StreamsTheSameAnswerWithUsage()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick);
        var client = Client(provider);
        List<ChatResponseUpdate> updates = [];
        await foreach (var update in client.GetStreamingResponseAsync(Question)) updates.Add(update);
        var streamed = updates.ToChatResponse();
        var whole = await client.GetResponseAsync(Question);
        Assert.True(updates.Count(update => update.Text.Length > 0) > 3);
        Assert.Equal(whole.Text, streamed.Text);
        Assert.Equal(ChatFinishReason.Stop, streamed.FinishReason);
        Assert.Equal(whole.Usage!.OutputTokenCount, streamed.Usage!.OutputTokenCount);
    }

    [Fact]
    public async Task GetResponse_OverTheRequestLimit_IsThrottledAndComesBackAfterTheNamedWait()
    {
        var time = new ManualTime();
        await using var provider = await SimulatedProvider.StartAsync(Quick with { RequestsPerMinute = 2 }, time);
        var client = Client(provider);
        await client.GetResponseAsync(Question);
        await client.GetResponseAsync(Question);
        var refused = await Assert.ThrowsAsync<ThrottledException>(() => client.GetResponseAsync(Question));
        Assert.Equal(TimeSpan.FromSeconds(30), refused.RetryAfter);
        Assert.Contains("requests per min", refused.Message, StringComparison.Ordinal);

        time.Advance(refused.RetryAfter!.Value - TimeSpan.FromMilliseconds(1));
        await Assert.ThrowsAsync<ThrottledException>(() => client.GetResponseAsync(Question));
        time.Advance(TimeSpan.FromMilliseconds(1));
        await client.GetResponseAsync(Question);
        Assert.Equal(3, provider.Stats.Answered);
        Assert.Equal(2, provider.Stats.ThrottledByRequests);
        Assert.Equal(5, provider.Stats.Requests);
    }

    [Fact]
    public async Task GetResponse_ABurstWithinTheMinutesLimit_IsThrottledWhereShorterTimesCount()
    {
        var time = new ManualTime();
        await using var provider = await SimulatedProvider.StartAsync(Quick with { RequestsPerMinute = 12, BurstSeconds = 10 }, time);
        var client = Client(provider);
        await client.GetResponseAsync(Question);
        await client.GetResponseAsync(Question);
        var refused = await Assert.ThrowsAsync<ThrottledException>(() => client.GetResponseAsync(Question));
        Assert.Equal(TimeSpan.FromSeconds(5), refused.RetryAfter);

        time.Advance(TimeSpan.FromMinutes(1));
        await client.GetResponseAsync(Question);
        await client.GetResponseAsync(Question);
        await Assert.ThrowsAsync<ThrottledException>(() => client.GetResponseAsync(Question));
    }

    [Fact]
    public async Task GetResponse_OverTheTokenLimit_IsThrottledByTokens()
    {
        var time = new ManualTime();
        await using var provider = await SimulatedProvider.StartAsync(Quick with { TokensPerMinute = 600 }, time);
        var client = Client(provider);
        await client.GetResponseAsync(Question, new ChatOptions { MaxOutputTokens = 500 });
        var refused = await Assert.ThrowsAsync<ThrottledException>(() => client.GetResponseAsync(Question, new ChatOptions { MaxOutputTokens = 500 }));
        Assert.Contains("tokens per min", refused.Message, StringComparison.Ordinal);
        // 500 and a prompt of about 50 are gone of 600, and 10 come back a second.
        Assert.InRange(refused.RetryAfter!.Value.TotalSeconds, 45, 60);
        time.Advance(refused.RetryAfter.Value);
        await client.GetResponseAsync(Question, new ChatOptions { MaxOutputTokens = 500 });
        Assert.Equal(1, provider.Stats.ThrottledByTokens);

        var never = await Assert.ThrowsAsync<ThrottledException>(() => client.GetResponseAsync(Question, new ChatOptions { MaxOutputTokens = 5000 }));
        Assert.Null(never.RetryAfter);
        Assert.Contains("too large", never.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetResponse_NoMaxOutputTokens_IsChargedForItsAnswerAfterwards()
    {
        var time = new ManualTime();
        await using var provider = await SimulatedProvider.StartAsync(Quick with { TokensPerMinute = 100_000 }, time);
        await Client(provider).GetResponseAsync(Question);
        var stats = provider.Stats;
        using var http = new HttpClient();
        using var next = await http.PostAsync(new Uri(provider.Address, "/v1/embeddings"), new StringContent("""{"model":"e","input":"abcd"}"""));
        var left = int.Parse(next.Headers.GetValues("x-ratelimit-remaining-tokens").Single(), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(100_000 - stats.InputTokens - stats.OutputTokens - 1, left);
    }

    [Fact]
    public async Task GetResponse_ProviderHangs_TimesOut()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick with { HangRate = 1 });
        var error = await Assert.ThrowsAsync<TimeoutException>(() => Client(provider, TimeSpan.FromMilliseconds(200)).GetResponseAsync(Question));
        Assert.Contains("test-model", error.Message, StringComparison.Ordinal);
        Assert.Contains("0.2 s", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, provider.Stats.Hung);
    }

    [Fact]
    public async Task GetStreamingResponse_ProviderHangs_TimesOut()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick with { HangRate = 1 });
        await Assert.ThrowsAsync<TimeoutException>(() => ReadAsync(Client(provider, TimeSpan.FromMilliseconds(200))));
    }

    [Fact]
    public async Task GetResponse_Cancelled_StopsPromptlyAndTheProviderNotices()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick with { HangRate = 1 });
        using var cancellation = new CancellationTokenSource();
        var running = Client(provider).GetResponseAsync(Question, options: null, cancellation.Token);
        await UntilAsync(() => provider.Stats.Hung == 1);
        var clock = Stopwatch.StartNew();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.InRange(clock.ElapsedMilliseconds, 0, 1000);
        await UntilAsync(() => provider.Stats is { Abandoned: 1, InFlight: 0 });
    }

    [Fact]
    public async Task GetStreamingResponse_CancelledMidway_Stops()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick with { MillisecondsPerToken = 200 });
        using var cancellation = new CancellationTokenSource();
        var words = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in Client(provider).GetStreamingResponseAsync(Question, options: null, cancellation.Token))
            {
                if (update.Text.Length > 0 && ++words == 2) await cancellation.CancelAsync();
            }
        });
        Assert.Equal(2, words);
        await UntilAsync(() => provider.Stats is { Abandoned: 1, InFlight: 0 });
    }

    [Fact]
    public async Task GetResponse_ProviderFails_CanBeTriedAgain()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick with { FaultRate = 1 });
        var error = await Assert.ThrowsAsync<ModelUnavailableException>(() => Client(provider).GetResponseAsync(Question));
        Assert.Contains("500", error.Message, StringComparison.Ordinal);
        // One attempt: retries are ours, not the SDK's.
        Assert.Equal(1, provider.Stats.Requests);
    }

    [Fact]
    public async Task GetResponse_MalformedReply_CanBeTriedAgain()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick with { MalformedRate = 1 });
        var client = Client(provider);
        var whole = await Assert.ThrowsAsync<ModelUnavailableException>(() => client.GetResponseAsync(Question));
        var streamed = await Assert.ThrowsAsync<ModelUnavailableException>(() => ReadAsync(client));
        Assert.False(FailureDetails.From(whole).Permanent);
        Assert.False(FailureDetails.From(streamed).Permanent);
        Assert.Equal(2, provider.Stats.Malformed);
    }

    [Fact]
    public async Task GetResponse_ProviderGone_CanBeTriedAgain()
    {
        var provider = await SimulatedProvider.StartAsync(Quick);
        var client = Client(provider);
        await provider.DisposeAsync();
        await Assert.ThrowsAsync<ModelUnavailableException>(() => client.GetResponseAsync(Question));
    }

    [Fact]
    public async Task GetResponse_MixedFates_AreTheSameForTheSameSeed()
    {
        var options = Quick with { FaultRate = 0.3, MalformedRate = 0.3, Seed = 7 };
        var first = await FatesAsync(options);
        Assert.Equal(first, await FatesAsync(options));
        Assert.NotEqual(first, await FatesAsync(options with { Seed = 8 }), StringComparer.Ordinal);
        Assert.Contains('a', first);
        Assert.Contains('x', first);
    }

    [Fact]
    public async Task GetResponse_ManyAtOnce_AllAnswered()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick with { BaseMilliseconds = 20, Latency = LatencyShape.Lognormal });
        var client = Client(provider);
        var responses = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => client.GetResponseAsync(Question)));
        Assert.Single(responses.Select(response => response.Text).Distinct(StringComparer.Ordinal));
        var stats = provider.Stats;
        Assert.Equal(100, stats.Answered);
        Assert.Equal(0, stats.InFlight);
        Assert.InRange(stats.MostInFlight, 2, 100);
    }

    [Fact]
    public async Task Catalog_Endpoint_CallsTheProvider()
    {
        await using var provider = await SimulatedProvider.StartAsync(Quick);
        var model = new ModelCatalog(new ModelOptions { Endpoint = provider.Endpoint, Key = "k", Fast = new ModelChoice("small", new ModelPrice(1, 2)) }, TimeProvider.System).Resolve("fast");
        Assert.Equal("small", (await model.Client.GetResponseAsync(Question)).ModelId);
    }

    private static async Task<string> FatesAsync(ProviderSimulatorOptions options)
    {
        await using var provider = await SimulatedProvider.StartAsync(options);
        var client = Client(provider);
        var fates = "";
        for (var i = 0; i < 20; i++)
        {
            try
            {
                await client.GetResponseAsync(Question);
                fates += 'a';
            }
            catch (ModelUnavailableException exception)
            {
                fates += exception.Message.Contains("could not be read", StringComparison.Ordinal) ? 'm' : 'x';
            }
        }

        return fates;
    }

    private static OpenAIChatClient Client(SimulatedProvider provider, TimeSpan? timeout = null) =>
        new("test-model", new OpenAIConnection { Endpoint = provider.Endpoint, Key = "test", Timeout = timeout ?? TimeSpan.FromSeconds(30) });

    private static async Task ReadAsync(OpenAIChatClient client)
    {
        await foreach (var _ in client.GetStreamingResponseAsync(Question))
        {
        }
    }

    /// <summary>The other side of a socket notices in its own time; fails after 10 s.</summary>
    private static async Task UntilAsync(Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), "It did not happen within 10 s.");
            await Task.Delay(2);
        }
    }
}
