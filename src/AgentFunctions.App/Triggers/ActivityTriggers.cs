using System.Text.Json;
using AgentFunctions.App.Durable;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace AgentFunctions.App.Triggers;

/// <summary>A function for each activity of the catalog, of the same name. The input is the envelope that the orchestrators' adapter writes.</summary>
/// <param name="activities">Runs them.</param>
/// <param name="clients">Makes the seam's client from Durable Functions' own.</param>
public sealed class ActivityTriggers(FunctionsActivities activities, FunctionsApi clients)
{
    /// <summary>Calls a model.</summary>
    /// <param name="input">The envelope.</param>
    /// <param name="client">Durable Functions' client, by which the limits of models are shared.</param>
    /// <param name="stopping">Fires when this worker stops.</param>
    [Function("CallModel")]
    public Task<JsonElement> CallModel([ActivityTrigger] JsonElement input, [DurableClient] DurableTaskClient client, CancellationToken stopping) =>
        activities.RunAsync("CallModel", input, clients.Client(client), stopping);

    /// <summary>Calls a tool.</summary>
    /// <param name="input">The envelope.</param>
    /// <param name="client">Durable Functions' client, by which workers share what is broken.</param>
    /// <param name="stopping">Fires when this worker stops.</param>
    [Function("CallTool")]
    public Task<JsonElement> CallTool([ActivityTrigger] JsonElement input, [DurableClient] DurableTaskClient client, CancellationToken stopping) =>
        activities.RunAsync("CallTool", input, clients.Client(client), stopping);

    /// <summary>Splits documents into chunks.</summary>
    /// <param name="input">The envelope.</param>
    /// <param name="stopping">Fires when this worker stops.</param>
    [Function("SplitDocument")]
    public Task<JsonElement> SplitDocument([ActivityTrigger] JsonElement input, CancellationToken stopping) => activities.RunAsync("SplitDocument", input, stopping);

    /// <summary>Reads a stored text.</summary>
    /// <param name="input">The envelope.</param>
    /// <param name="stopping">Fires when this worker stops.</param>
    [Function("ReadContent")]
    public Task<JsonElement> ReadContent([ActivityTrigger] JsonElement input, CancellationToken stopping) => activities.RunAsync("ReadContent", input, stopping);

    /// <summary>Publishes the result of a run that a message started.</summary>
    /// <param name="input">The envelope.</param>
    /// <param name="stopping">Fires when this worker stops.</param>
    [Function("PublishResult")]
    public Task<JsonElement> PublishResult([ActivityTrigger] JsonElement input, CancellationToken stopping) => activities.RunAsync("PublishResult", input, stopping);

    /// <summary>Tells the workers which calls nobody waits for any more, and ends sub-orchestrations that nobody waits for.</summary>
    /// <param name="input">The envelope.</param>
    /// <param name="client">Durable Functions' client.</param>
    /// <param name="stopping">Fires when this worker stops.</param>
    [Function("CancelCalls")]
    public Task<JsonElement> CancelCalls([ActivityTrigger] JsonElement input, [DurableClient] DurableTaskClient client, CancellationToken stopping) =>
        activities.RunAsync("CancelCalls", input, clients.Client(client), stopping);

    /// <summary>Searches a source.</summary>
    /// <param name="input">The envelope.</param>
    /// <param name="client">Durable Functions' client, by which the limits of models are shared.</param>
    /// <param name="stopping">Fires when this worker stops.</param>
    [Function("SearchSource")]
    public Task<JsonElement> SearchSource([ActivityTrigger] JsonElement input, [DurableClient] DurableTaskClient client, CancellationToken stopping) =>
        activities.RunAsync("SearchSource", input, clients.Client(client), stopping);

    /// <summary>Embeds texts.</summary>
    /// <param name="input">The envelope.</param>
    /// <param name="client">Durable Functions' client, by which the limits of models are shared.</param>
    /// <param name="stopping">Fires when this worker stops.</param>
    [Function("Embed")]
    public Task<JsonElement> Embed([ActivityTrigger] JsonElement input, [DurableClient] DurableTaskClient client, CancellationToken stopping) =>
        activities.RunAsync("Embed", input, clients.Client(client), stopping);

    /// <summary>Reads what a stored answer votes for.</summary>
    /// <param name="input">The envelope.</param>
    /// <param name="stopping">Fires when this worker stops.</param>
    [Function("ReadVote")]
    public Task<JsonElement> ReadVote([ActivityTrigger] JsonElement input, CancellationToken stopping) => activities.RunAsync("ReadVote", input, stopping);

    /// <summary>Stores a JSON value.</summary>
    /// <param name="input">The envelope.</param>
    /// <param name="stopping">Fires when this worker stops.</param>
    [Function("StoreJson")]
    public Task<JsonElement> StoreJson([ActivityTrigger] JsonElement input, CancellationToken stopping) => activities.RunAsync("StoreJson", input, stopping);

    /// <summary>Calls a tool with a pipeline's item.</summary>
    /// <param name="input">The envelope.</param>
    /// <param name="client">Durable Functions' client, by which workers share what is broken.</param>
    /// <param name="stopping">Fires when this worker stops.</param>
    [Function("ApplyTool")]
    public Task<JsonElement> ApplyTool([ActivityTrigger] JsonElement input, [DurableClient] DurableTaskClient client, CancellationToken stopping) =>
        activities.RunAsync("ApplyTool", input, clients.Client(client), stopping);

    /// <summary>Calls a model for one turn of a conversation; it tells its run of tool calls, so it needs the client.</summary>
    /// <param name="input">The envelope.</param>
    /// <param name="client">Durable Functions' client.</param>
    /// <param name="stopping">Fires when this worker stops.</param>
    [Function("StreamModel")]
    public Task<JsonElement> StreamModel([ActivityTrigger] JsonElement input, [DurableClient] DurableTaskClient client, CancellationToken stopping) =>
        activities.RunAsync("StreamModel", input, clients.Client(client), stopping);

    /// <summary>Adds messages to a conversation.</summary>
    /// <param name="input">The envelope.</param>
    /// <param name="stopping">Fires when this worker stops.</param>
    [Function("StoreMessages")]
    public Task<JsonElement> StoreMessages([ActivityTrigger] JsonElement input, CancellationToken stopping) => activities.RunAsync("StoreMessages", input, stopping);

    /// <summary>Says what tools there are, and how they may be called.</summary>
    /// <param name="input">The envelope.</param>
    /// <param name="stopping">Fires when this worker stops.</param>
    [Function("DescribeTools")]
    public Task<JsonElement> DescribeTools([ActivityTrigger] JsonElement input, CancellationToken stopping) => activities.RunAsync("DescribeTools", input, stopping);

    /// <summary>Sends a batch of requests that can wait.</summary>
    /// <param name="input">The envelope.</param>
    /// <param name="stopping">Fires when this worker stops.</param>
    [Function("SubmitBatch")]
    public Task<JsonElement> SubmitBatch([ActivityTrigger] JsonElement input, CancellationToken stopping) => activities.RunAsync("SubmitBatch", input, stopping);

    /// <summary>Asks how a batch stands.</summary>
    /// <param name="input">The envelope.</param>
    /// <param name="stopping">Fires when this worker stops.</param>
    [Function("PollBatch")]
    public Task<JsonElement> PollBatch([ActivityTrigger] JsonElement input, CancellationToken stopping) => activities.RunAsync("PollBatch", input, stopping);

    /// <summary>Reads what became of a batch.</summary>
    /// <param name="input">The envelope.</param>
    /// <param name="stopping">Fires when this worker stops.</param>
    [Function("ReadBatch")]
    public Task<JsonElement> ReadBatch([ActivityTrigger] JsonElement input, CancellationToken stopping) => activities.RunAsync("ReadBatch", input, stopping);

    /// <summary>Asks for the end of a batch.</summary>
    /// <param name="input">The envelope.</param>
    /// <param name="stopping">Fires when this worker stops.</param>
    [Function("CancelBatch")]
    public Task<JsonElement> CancelBatch([ActivityTrigger] JsonElement input, CancellationToken stopping) => activities.RunAsync("CancelBatch", input, stopping);

    /// <summary>Invalidates entries of the cache.</summary>
    /// <param name="input">The envelope.</param>
    /// <param name="stopping">Fires when this worker stops.</param>
    [Function("InvalidateCache")]
    public Task<JsonElement> InvalidateCache([ActivityTrigger] JsonElement input, CancellationToken stopping) => activities.RunAsync("InvalidateCache", input, stopping);
}
