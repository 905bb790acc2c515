using AgentFunctions.Api.Problems;
using AgentFunctions.Api.Requests;
using AgentFunctions.Core.Durable;
using Microsoft.AspNetCore.Http;

namespace AgentFunctions.Api.Scale;

/// <summary>GET /api/scale.</summary>
internal sealed class ReadScale(ApiEnvironment environment, IRunClient runs)
{
    private static readonly TimeSpan NextReport = TimeSpan.FromSeconds(15);

    public async Task<IResult> GetAsync(HttpRequest request)
    {
        _ = new QueryValues(request, environment.Options);
        if (environment.Parts.Scaling is not { } scaling) throw Unknown("This host has nothing that decides how many instances are wanted. Add it: AddScaling.", retryAfter: null);

        // A scaler that is told a number that is not known acts on it; told nothing, it leaves everything as it is.
        var report = await scaling.ReadAsync(runs, request.HttpContext.RequestAborted)
            ?? throw Unknown("The workers have not told how loaded they are yet, or their reports are not taken in. Ask again in 15 s; where it stays so, look at the task hub: its entity 'scaling' is not being served.", NextReport);
        return Reply.Json(StatusCodes.Status200OK, report, environment.Json);
    }

    private static ProblemException Unknown(string message, TimeSpan? retryAfter) => new(ProblemKind.ScaleUnknown, message) { RetryAfter = retryAfter };
}
