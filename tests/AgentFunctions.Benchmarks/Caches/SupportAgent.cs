using System.Text.Json;
using AgentFunctions.Benchmarks.Patterns;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Benchmarks.Caches;

/// <summary>Answers customers by a model over HTTP, at the pace that its deployment allows, first come first served; through a cache or without.</summary>
/// <param name="model">The model.</param>
/// <param name="cache">The cache, or null.</param>
/// <param name="semantic">Whether the answer to another question with the same meaning will do.</param>
/// <param name="pace">How much faster than in reality it all is.</param>
internal sealed class SupportAgent(IChatClient model, ICallCache? cache, bool semantic, Pace pace)
{
    private const string Instructions = "You are the support agent of a bank. Answer the customer's question in a few sentences, from the bank's rules.";
    private static readonly ModelPrice price = new(2.50m, 10m);
    private readonly Lock gate = new();
    private DateTime next = DateTime.UtcNow;

    /// <summary>The answer, where it came from, and what it cost.</summary>
    public async Task<CacheResult<string>> AskAsync(string question)
    {
        if (cache is null) return new CacheResult<string>((await CallAsync(question, CancellationToken.None)).Value, null);
        var request = new CacheRequest
        {
            Kind = CacheKind.Response,
            Tenant = "bank",
            Maker = "simulated",
            Input = JsonSerializer.SerializeToElement(question, CacheBenchJson.Default.String),
            Question = semantic ? new CacheQuestion(question, Instructions) : null,
            Settings = new CacheSettings { Ttl = TimeSpan.FromHours(1), Semantic = semantic },
        };
        return await cache.GetOrMakeAsync(request, CacheBenchJson.Default.String, cancellation => CallAsync(question, cancellation), CancellationToken.None);
    }

    private async Task<CacheFill<string>> CallAsync(string question, CancellationToken cancellationToken)
    {
        while (true)
        {
            await TurnAsync(cancellationToken);
            try
            {
                var reply = await model.GetResponseAsync([new ChatMessage(ChatRole.System, Instructions), new ChatMessage(ChatRole.User, question)], null, cancellationToken);
                var (input, output) = (reply.Usage?.InputTokenCount ?? 0, reply.Usage?.OutputTokenCount ?? 0);
                return new CacheFill<string>(reply.Text, new Cost(input, output, price.Of(input, output)));
            }
            catch (ThrottledException busy)
            {
                await Task.Delay(busy.RetryAfter ?? pace.Time(1000), cancellationToken);
            }
        }
    }

    /// <summary>Waits for its turn: the deployment serves so many a minute, one as soon after the other as that allows.</summary>
    private Task TurnAsync(CancellationToken cancellationToken)
    {
        TimeSpan wait;
        lock (gate)
        {
            var now = DateTime.UtcNow;
            if (next < now) next = now;
            wait = next - now;
            next += pace.Time(60_000.0 / SupportTraffic.RequestsPerMinute);
        }

        return wait < TimeSpan.FromMilliseconds(1) ? Task.CompletedTask : Task.Delay(wait, cancellationToken);
    }
}
