using System.Diagnostics;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using Microsoft.AspNetCore.Http;

namespace AgentFunctions.Api.Problems;

/// <summary>Runs a handler and turns whatever it throws into a problem: the caller's faults into 4xx, ours into a 500 that is logged and tells nothing of the inside.</summary>
internal static class ProblemGuard
{
    /// <summary>nginx's status for a caller that has gone; nobody reads it, but logs show it.</summary>
    private const int ClientClosedRequest = 499;

    private static readonly TimeSpan HistoryRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CacheRetry = TimeSpan.FromSeconds(5);

    public static async Task<IResult> RunAsync(ApiEnvironment environment, HttpRequest request, Func<Task<IResult>> handler)
    {
        try
        {
            return await handler();
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException && request.HttpContext.RequestAborted.IsCancellationRequested)
        {
            return Reply.Empty(ClientClosedRequest);
        }
        catch (Exception exception)
        {
            return ProblemReplies.From(Translate(exception, environment, request), environment, request);
        }
    }

    private static ProblemException Translate(Exception exception, ApiEnvironment environment, HttpRequest request) => exception switch
    {
        ProblemException problem => problem,
        OrchestratorNotFoundException => new(ProblemKind.UnknownOrchestrator, exception.Message) { Available = [.. environment.Catalog.PublicOrchestratorNames] },
        RunNotFoundException => new(ProblemKind.UnknownRun, exception.Message),
        RunEndedException => new(ProblemKind.RunEnded, exception.Message),
        RunNotEndedException => new(ProblemKind.RunNotEnded, exception.Message),
        HistoryUnavailableException { Permanent: true } => new(ProblemKind.HistoryUnsupported, exception.Message),
        HistoryUnavailableException => new(ProblemKind.HistoryUnavailable, exception.Message) { RetryAfter = HistoryRetry },
        CacheUnavailableException => new(ProblemKind.CacheUnavailable, exception.Message) { RetryAfter = CacheRetry },
        ThrottledException throttled => new(ProblemKind.Throttled, throttled.Message) { RetryAfter = throttled.RetryAfter ?? TimeSpan.FromSeconds(1) },
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => new(ProblemKind.TooLarge, $"The body is larger than the server takes. Send at most {environment.Options.MaxBodyBytes} bytes."),
        BadHttpRequestException bad => new(ProblemKind.InvalidRequest, $"The request could not be read: {bad.Message}"),
        // What fails in a host that can't do its work needs no other reason; the host has logged its own.
        _ when environment.Host.Fault is { } fault => Unhealthy(fault),
        _ => Unexpected(exception, environment, request),
    };

    /// <summary>That the host can't do its work.</summary>
    public static ProblemException Unhealthy(string fault) => new(ProblemKind.Unhealthy, $"The host can't do its work: {fault}");

    private static ProblemException Unexpected(Exception exception, ApiEnvironment environment, HttpRequest request)
    {
        var traceId = TraceId(request.HttpContext);
        ApiLog.RequestFailed(environment.Logger, exception, request.Method, request.Path.Value, traceId);
        return new ProblemException(ProblemKind.InternalError, $"The host failed while it handled the request; nothing is wrong with the request itself. Try again; if it stays, look for trace ID {traceId} in the host's log.") { TraceId = traceId };
    }

    public static string TraceId(HttpContext context) => Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
}
