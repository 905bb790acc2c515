using AgentFunctions.Api.Problems;
using AgentFunctions.Api.Requests;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using Microsoft.AspNetCore.Http;

namespace AgentFunctions.Api.Caching;

/// <summary>GET and DELETE /api/cache, POST /api/cache/feedback, and the invalidations of messages.</summary>
internal sealed class SteerCache(ApiEnvironment environment)
{
    private ICacheControl Cache => environment.Parts.Cache ?? throw new ProblemException(ProblemKind.NoCache, "This host keeps no cache, so there is nothing to read or to invalidate. A host has one where its services have an ICacheControl.");

    public Task<IResult> ReportAsync(HttpRequest request)
    {
        _ = new QueryValues(request, environment.Options);
        return Task.FromResult<IResult>(Reply.Json(StatusCodes.Status200OK, CacheStatus.Of(Cache.Report()), environment.Json));
    }

    public async Task<IResult> InvalidateAsync(HttpRequest request)
    {
        var what = InvalidationRequest.Read(request, environment.Options).ToInvalidation(TenantRuns.Read(request));
        return Reply.Json(StatusCodes.Status200OK, await InvalidateAsync(what, request.HttpContext.RequestAborted), environment.Json);
    }

    /// <summary>Carries out an invalidation.</summary>
    public async Task<CacheInvalidationReceipt> InvalidateAsync(CacheInvalidation what, CancellationToken cancellationToken)
    {
        await RefusableAsync(async () =>
        {
            await Cache.InvalidateAsync(what, cancellationToken);
            return true;
        });
        ApiLog.CacheInvalidated(environment.Logger, what.Tenant ?? "*", what.Kind, what.Tag is { } tag ? Shown.Of(tag) : null, what.Key);
        return new CacheInvalidationReceipt(what);
    }

    public async Task<IResult> FeedbackAsync(HttpRequest request)
    {
        _ = new QueryValues(request, environment.Options);
        var sender = TenantRuns.Read(request);
        var body = await JsonBody.ReadAsync(request, environment.Options, request.HttpContext.RequestAborted)
            ?? throw new ProblemException(ProblemKind.InvalidJson, "The body is empty. Send the feedback as a JSON object with key, question and right.");
        var feedback = TypedBody.Read<CacheFeedback>(body, "feedback", environment.Json);
        if (sender is not null && !body.TryGetProperty("tenant", out _))
        {
            feedback = feedback with { Tenant = sender };
        }

        var errors = CacheSteering.Errors(feedback);
        errors.AddIf(sender is not null && feedback.Tenant != sender, "tenant", $"The tenant is '{Shown.Of(feedback.Tenant)}', but the header {TenantRuns.HeaderName} is '{sender}'. Leave one of them out.");
        TypedBody.Refuse("feedback", errors);
        var receipt = await RefusableAsync(() => Cache.FeedbackAsync(feedback, request.HttpContext.RequestAborted));
        return Reply.Json(StatusCodes.Status200OK, receipt, environment.Json);
    }

    /// <summary>What the cache itself refuses is the caller's fault too.</summary>
    private static async Task<T> RefusableAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (PermanentFailureException refused)
        {
            throw new ProblemException(ProblemKind.InvalidRequest, refused.Message);
        }
    }
}
