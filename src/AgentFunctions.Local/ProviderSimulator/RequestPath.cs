using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AgentFunctions.Local.ProviderSimulator;

/// <summary>The tokens that a request is let in for.</summary>
/// <param name="Prompt">The prompt's.</param>
/// <param name="Reserved">The longest answer that it asks for; 0 when it sets none, and then the answer is charged once it is known.</param>
internal sealed record Admission(int Prompt, int Reserved);

/// <summary>What every request goes through: counting, limits, its fate.</summary>
internal sealed class RequestPath(ProviderSimulatorOptions options, RateGates gates, ProviderCounters counters, TimeProvider time)
{
    /// <summary>Reads the body, or rejects it and returns null.</summary>
    public async Task<T?> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> shape)
        where T : class
    {
        try
        {
            if (await JsonSerializer.DeserializeAsync(http.Request.Body, shape, http.RequestAborted) is { } body) return body;
            await RejectAsync(http, "The body is null. Send a JSON object.");
        }
        catch (JsonException exception)
        {
            await RejectAsync(http, $"We could not parse the JSON body of your request. {exception.Message}");
        }
        catch (BadHttpRequestException exception)
        {
            await RejectAsync(http, exception.Message, status: exception.StatusCode);
        }

        return null;
    }

    public Task RejectAsync(HttpContext http, string message, string? parameter = null, int status = StatusCodes.Status400BadRequest)
    {
        counters.Count(stats => stats with { Requests = stats.Requests + 1, Rejected = stats.Rejected + 1 });
        return ProviderReplies.RejectAsync(http, message, parameter, status);
    }

    /// <summary>Lets a well-formed request in and gives it what its number has in store.</summary>
    /// <param name="http">The request.</param>
    /// <param name="model">The model it asks for.</param>
    /// <param name="admission">Its tokens.</param>
    /// <param name="asStream">Whether it asks for a stream.</param>
    /// <param name="answer">Answers it; returns the answer's tokens.</param>
    public async Task RunAsync(HttpContext http, string model, Admission admission, bool asStream, Func<Fate, Task<int>> answer)
    {
        var number = counters.Enter();
        try
        {
            http.Response.Headers["x-request-id"] = $"req_{number}";
            var gate = gates.Of(model);
            var refusal = options.Models.GetValueOrDefault(model)?.RefuseFor is { } wait ? new Refusal("requests", wait, Limit: 0, Requested: 1) : gate.Enter(admission.Prompt + admission.Reserved);
            gate.WriteHeaders(http.Response.Headers);
            if (refusal is not null)
            {
                counters.Count(stats => refusal.Kind == "tokens" ? stats with { ThrottledByTokens = stats.ThrottledByTokens + 1 } : stats with { ThrottledByRequests = stats.ThrottledByRequests + 1 });
                await ProviderReplies.ThrottleAsync(http, model, refusal);
                return;
            }

            await ServeAsync(http, Fate.Of(options.For(model), number), gate, admission, asStream, answer);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            counters.Count(stats => stats with { Abandoned = stats.Abandoned + 1 });
        }
        finally
        {
            counters.Count(stats => stats with { InFlight = stats.InFlight - 1 });
        }
    }

    /// <summary>Counts what of a request had been read before.</summary>
    public void CountPrefix(int cachedTokens, string? key) =>
        counters.Count(stats => stats with { CachedInputTokens = stats.CachedInputTokens + cachedTokens, WithCacheKey = stats.WithCacheKey + (key is null ? 0 : 1) });

    public Task WaitAsync(TimeSpan delay, CancellationToken cancellationToken) => delay <= TimeSpan.Zero ? Task.CompletedTask : Task.Delay(delay, time, cancellationToken);

    private async Task ServeAsync(HttpContext http, Fate fate, RateGate gate, Admission admission, bool asStream, Func<Fate, Task<int>> answer)
    {
        switch (fate.Outcome)
        {
            case Outcome.Fault:
                counters.Count(stats => stats with { Faults = stats.Faults + 1 });
                await WaitAsync(fate.FirstToken, http.RequestAborted);
                await ProviderReplies.FailAsync(http);
                break;
            case Outcome.Malformed:
                counters.Count(stats => stats with { Malformed = stats.Malformed + 1 });
                await WaitAsync(fate.FirstToken, http.RequestAborted);
                await ProviderReplies.BreakOffAsync(http, asStream);
                break;
            case Outcome.Hang:
                counters.Count(stats => stats with { Hung = stats.Hung + 1 });
                await Task.Delay(Timeout.InfiniteTimeSpan, http.RequestAborted);
                break;
            default:
                var tokens = await answer(fate);
                if (admission.Reserved == 0) gate.Charge(tokens);
                counters.Count(stats => stats with { Answered = stats.Answered + 1, InputTokens = stats.InputTokens + admission.Prompt, OutputTokens = stats.OutputTokens + tokens });
                break;
        }
    }
}
