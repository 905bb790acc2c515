using AgentFunctions.Api;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Results;
using Microsoft.DurableTask.Client;

namespace AgentFunctions.App.Durable;

/// <summary>Makes the seam's client, and the HTTP contract over it, from the client that a trigger is given.</summary>
public sealed class FunctionsApi
{
    private readonly ApiEnvironment environment;
    private readonly Catalog catalog;
    private readonly ICancellationBoard board;
    private readonly RunHistory histories;
    private readonly TimeProvider time;
    private readonly IRunOutputStore? output;
    private readonly SeenRunClient? seen;

    internal FunctionsApi(ApiEnvironment environment, Catalog catalog, ICancellationBoard board, RunHistory histories, TimeProvider time, IRunOutputStore? output = null, SeenRunClient? seen = null) =>
        (this.environment, this.catalog, this.board, this.histories, this.time, this.output, this.seen) = (environment, catalog, board, histories, time, output, seen);

    /// <summary>The HTTP contract over a client.</summary>
    /// <param name="client">Durable Functions' client.</param>
    public AgentFunctionsApi Over(DurableTaskClient client) => new(environment, Client(client));

    /// <summary>The seam's client over Durable Functions' own.</summary>
    /// <param name="client">Durable Functions' client.</param>
    public IRunClient Client(DurableTaskClient client)
    {
        var made = new FunctionsRunClient(client, catalog, board, histories, time, output);
        seen?.See(made);
        return made;
    }
}
