using AgentFunctions.Core.Durable;
using Microsoft.DurableTask.Client;

namespace AgentFunctions.App.ServiceBus;

/// <summary>What the trigger of the queue calls: process, then settle.</summary>
public sealed class ServiceBusTasks
{
    private readonly AgentTaskProcessor processor;
    private readonly Func<DurableTaskClient, IRunClient> bind;
    private readonly TimeProvider time;

    internal ServiceBusTasks(AgentTaskProcessor processor, Func<DurableTaskClient, IRunClient> bind, TimeProvider time) => (this.processor, this.bind, this.time) = (processor, bind, time);

    internal async Task HandleAsync(AgentTaskMessage message, ISettlement settlement, DurableTaskClient client, CancellationToken stopping) =>
        await Settlement.SettleAsync(await processor.ProcessAsync(message, bind(client), stopping), settlement, time, stopping);
}
