using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentFunctions.Api.Problems;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AgentFunctions.Api.Runs;

/// <summary>Writes a run's updates as server-sent events (HTML, section 9.2) until the run ends, the caller goes or the host drains.</summary>
internal sealed class EventStream : IResult, IAsyncDisposable
{
    private static readonly byte[] Retry = "retry: 2000\n\n"u8.ToArray();
    private static readonly byte[] KeepAlive = ": keep-alive\n\n"u8.ToArray();
    private readonly ApiEnvironment environment;
    private readonly string instanceId;
    private readonly CancellationToken callerGone;
    private readonly CancellationTokenSource stop;
    private readonly IAsyncEnumerator<RunUpdate> updates;
    private Task<bool> next;

    public EventStream(ApiEnvironment environment, string instanceId, Func<CancellationToken, IAsyncEnumerable<RunUpdate>> watch, CancellationToken callerGone)
    {
        this.environment = environment;
        this.instanceId = instanceId;
        this.callerGone = callerGone;
        stop = CancellationTokenSource.CreateLinkedTokenSource(callerGone, environment.Host.DrainToken);
        updates = watch(stop.Token).GetAsyncEnumerator(stop.Token);
        next = updates.MoveNextAsync().AsTask();
    }

    public Task<bool> HasFirstAsync() => next;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache, no-store";
        // nginx would hold events back otherwise.
        response.Headers["X-Accel-Buffering"] = "no";
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            await response.Body.WriteAsync(Retry, stop.Token);
            await CopyAsync(response.Body);
        }
        catch (Exception exception) when (stop.IsCancellationRequested && exception is OperationCanceledException or IOException)
        {
            // The caller has gone or the host drains: the stream ends, and the caller can resume by the last id it has seen.
        }
        catch (Exception exception)
        {
            await WriteErrorAsync(exception, httpContext);
        }
        finally
        {
            await DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        // An enumerator must not be disposed of while it is asked for the next element; how that ends matters to nobody any more.
        await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await updates.DisposeAsync();
        stop.Dispose();
    }

    private async Task CopyAsync(Stream body)
    {
        var buffer = new ArrayBufferWriter<byte>();
        while (true)
        {
            if (!next.IsCompleted)
            {
                await body.FlushAsync(stop.Token);
                await KeepAliveUntilNextAsync(body);
            }

            if (!await next)
            {
                return;
            }

            var update = updates.Current;
            Format(buffer, update.Kind, update.Sequence.ToString(CultureInfo.InvariantCulture), update.Data);
            await body.WriteAsync(buffer.WrittenMemory, stop.Token);
            buffer.ResetWrittenCount();
            if (update.Kind == "ended")
            {
                await body.FlushAsync(stop.Token);
                return;
            }

            next = updates.MoveNextAsync().AsTask();
        }
    }

    private async Task KeepAliveUntilNextAsync(Stream body)
    {
        while (true)
        {
            try
            {
                await ((Task)next).WaitAsync(environment.Options.StreamKeepAlive, environment.Time, stop.Token);
                return;
            }
            catch (TimeoutException) when (!next.IsCompleted)
            {
                await body.WriteAsync(KeepAlive, stop.Token);
                await body.FlushAsync(stop.Token);
            }
        }
    }

    private async Task WriteErrorAsync(Exception exception, HttpContext context)
    {
        var traceId = ProblemGuard.TraceId(context);
        ApiLog.StreamFailed(environment.Logger, exception, instanceId, traceId);
        var problem = exception is RunNotFoundException
            ? new ProblemException(ProblemKind.UnknownRun, exception.Message)
            : new ProblemException(ProblemKind.InternalError, $"The host failed while it followed the run. Connect again to resume; if it stays, look for trace ID {traceId} in the host's log.") { TraceId = traceId };
        var buffer = new ArrayBufferWriter<byte>();
        Format(buffer, "error", id: null, DurableJson.ToElement(ProblemReplies.Describe(problem, environment.Options, context.Request.Path), environment.Json));
        await context.Response.Body.WriteAsync(buffer.WrittenMemory, callerGone);
    }

    /// <summary>Data is written anew, because the text it was read from may have line breaks, which would end the field.</summary>
    private static void Format(ArrayBufferWriter<byte> buffer, string kind, string? id, JsonElement data)
    {
        var head = id is null ? $"event: {kind}\ndata: " : $"id: {id}\nevent: {kind}\ndata: ";
        Encoding.UTF8.GetBytes(head, buffer);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true }))
        {
            data.WriteTo(writer);
        }

        buffer.Write("\n\n"u8);
    }
}
