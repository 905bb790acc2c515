namespace AgentFunctions.Api.Problems;

/// <summary>A kind of problem.</summary>
/// <param name="Anchor">Its heading in docs/http-api.md.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">The kind in a few words.</param>
internal sealed record ProblemKind(string Anchor, int Status, string Title)
{
    public static readonly ProblemKind InvalidRequest = new("invalid-request", 400, "A parameter or header of the request is wrong");
    public static readonly ProblemKind InvalidJson = new("invalid-json", 400, "The body is not valid JSON");
    public static readonly ProblemKind InvalidInput = new("invalid-input", 400, "The input does not fit the orchestrator");
    public static readonly ProblemKind InvalidBody = new("invalid-body", 400, "The body does not fit the route");
    public static readonly ProblemKind ContentNotFound = new("content-not-found", 400, "The input names content that is not stored");
    public static readonly ProblemKind ForeignOrigin = new("foreign-origin", 403, "The request comes from another site");
    public static readonly ProblemKind UnknownRoute = new("unknown-route", 404, "There is no such route");
    public static readonly ProblemKind UnknownOrchestrator = new("unknown-orchestrator", 404, "There is no such orchestrator");
    public static readonly ProblemKind UnknownRun = new("unknown-run", 404, "There is no such run");
    public static readonly ProblemKind MethodNotAllowed = new("method-not-allowed", 405, "The route has no such method");
    public static readonly ProblemKind IdempotencyConflict = new("idempotency-conflict", 409, "The key or instance ID was used for another start");
    public static readonly ProblemKind RunNotEnded = new("run-not-ended", 409, "The run has not ended");
    public static readonly ProblemKind RunEnded = new("run-ended", 410, "The run has ended");
    public static readonly ProblemKind TooLarge = new("too-large", 413, "The body is too large");
    public static readonly ProblemKind UnsupportedMediaType = new("unsupported-media-type", 415, "The body is not sent as JSON");
    public static readonly ProblemKind Throttled = new("throttled", 429, "The host is taking no more work for now");
    public static readonly ProblemKind InternalError = new("internal-error", 500, "The host failed");
    public static readonly ProblemKind HistoryUnsupported = new("history-unsupported", 501, "This host tells no histories");
    public static readonly ProblemKind NoCache = new("no-cache", 501, "This host keeps no cache");
    public static readonly ProblemKind Draining = new("draining", 503, "The host is stopping");
    public static readonly ProblemKind Unhealthy = new("unhealthy", 503, "The host can't do its work");
    public static readonly ProblemKind HistoryUnavailable = new("history-unavailable", 503, "The run's history can't be read now");
    public static readonly ProblemKind CacheUnavailable = new("cache-unavailable", 503, "The cache's store can't be written now");
    public static readonly ProblemKind ScaleUnknown = new("scale-unknown", 503, "How many instances are wanted is not known now");

    /// <summary>All of them, in the order of their status.</summary>
    public static IReadOnlyList<ProblemKind> All { get; } =
    [
        InvalidRequest, InvalidJson, InvalidInput, InvalidBody, ContentNotFound, ForeignOrigin, UnknownRoute, UnknownOrchestrator, UnknownRun, MethodNotAllowed, IdempotencyConflict,
        RunNotEnded, RunEnded, TooLarge, UnsupportedMediaType, Throttled, InternalError, HistoryUnsupported, NoCache, Draining, Unhealthy,
        HistoryUnavailable, CacheUnavailable, ScaleUnknown,
    ];
}
