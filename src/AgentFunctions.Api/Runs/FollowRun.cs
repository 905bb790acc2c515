using AgentFunctions.Api.Requests;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Results;
using Microsoft.AspNetCore.Http;

namespace AgentFunctions.Api.Runs;

/// <summary>GET /api/runs/{id}/stream.</summary>
internal sealed class FollowRun(ApiEnvironment environment, IRunClient runs)
{
    public async Task<IResult> OpenAsync(HttpRequest request, string id)
    {
        var after = LastEventId.Read(request, new QueryValues(request, environment.Options, LastEventId.ParameterName));
        var state = await runs.GetAsync(id, includePayloads: false, request.HttpContext.RequestAborted) ?? throw new RunNotFoundException(Shown.Of(id));
        var stream = new EventStream(environment, id, token => Open(state, after, token), request.HttpContext.RequestAborted);

        // Browsers reconnect to a stream that ended, for ever, unless the answer is 204 (HTML, server-sent events).
        if (state.RuntimeStatus.IsFinal() && !await stream.HasFirstAsync())
        {
            await stream.DisposeAsync();
            return Reply.Empty(StatusCodes.Status204NoContent);
        }

        return stream;
    }

    private RunFeed Open(RunState state, StreamPosition after, CancellationToken stop) => new(
        runs.WatchAsync(state.InstanceId, after.History, stop),
        environment.Parts.Output?.OpenReader(state.InstanceId, new RunOutputStart(after.Output, state.CreatedTime)),
        after,
        environment.Time,
        exception => ApiLog.OutputFailed(environment.Logger, exception, state.InstanceId),
        stop);
}
