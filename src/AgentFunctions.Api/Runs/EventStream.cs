using System.Buffers;
using AgentFunctions.Api.Problems;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AgentFunctions.Api.Runs;

/// <summary>Writes what happens in a run as server-sent events (HTML, section 9.2) until the run ends, the caller goes or the host drains.</summary>
internal sealed class EventStream : IResult, IAsyncDisposable
{
    private static readonly byte[] Retry = "retry: 2000\n\n"u8.ToArray();
    private static readonly byte[] KeepAlive = ": keep-alive\n\n"u8.ToArray();
    private readonly ApiEnvironment environment;
    private readonly string instanceId;
    private readonly CancellationToken callerGone;
    private readonly CancellationTokenSource stop;
    private readonly RunFeed feed;

    public EventStream(ApiEnvironment environment, string instanceId, Func<CancellationToken, RunFeed> open, CancellationToken callerGone)
    {
        this.environment = environment;
        this.instanceId = instanceId;
        this.callerGone = callerGone;
        stop = CancellationTokenSource.CreateLinkedTokenSource(callerGone, environment.Host.DrainToken);
        feed = open(stop.Token);
    }

    public Task<bool> HasFirstAsync() => feed.HasFirstAsync();

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
        await feed.DisposeAsync();
        stop.Dispose();
    }

    private async Task CopyAsync(Stream body)
    {
        var buffer = new ArrayBufferWriter<byte>();
        while (true)
        {
            var ready = feed.ReadyAsync();
            if (!ready.IsCompleted)
            {
                await body.FlushAsync(stop.Token);
                await KeepAliveUntilAsync(ready, body);
            }

            if (await feed.TakeAsync() is not { } events)
            {
                await body.FlushAsync(stop.Token);
                return;
            }

            foreach (var told in events)
            {
                told.Write(buffer);
            }

            await body.WriteAsync(buffer.WrittenMemory, stop.Token);
            buffer.ResetWrittenCount();
        }
    }

    private async Task KeepAliveUntilAsync(Task ready, Stream body)
    {
        while (true)
        {
            try
            {
                await ready.WaitAsync(environment.Options.StreamKeepAlive, environment.Time, stop.Token);
                return;
            }
            catch (TimeoutException) when (!ready.IsCompleted)
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
        new StreamEvent("error", Id: null, DurableJson.ToElement(ProblemReplies.Describe(problem, environment.Options, context.Request.Path), environment.Json)).Write(buffer);
        await context.Response.Body.WriteAsync(buffer.WrittenMemory, callerGone);
    }
}
