using AgentFunctions.App.Durable;
using AgentFunctions.App.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace AgentFunctions.App.Triggers;

/// <summary>What is done by the clock.</summary>
public sealed class TimerTriggers
{
    private readonly StorageSweep sweep;
    private readonly FunctionsApi clients;

    /// <summary>Takes what the triggers call.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="clients">Makes the seam's client.</param>
    public TimerTriggers(IServiceProvider services, FunctionsApi clients)
    {
        sweep = (StorageSweep)services.GetService(typeof(StorageSweep))!;
        this.clients = clients;
    }

    /// <summary>Removes expired rows and old history, at a quarter past each hour.</summary>
    /// <param name="timer">When it is due.</param>
    /// <param name="client">Durable Functions' client.</param>
    /// <param name="stopping">Fires when this worker stops.</param>
    [Function("Sweep")]
    public Task Sweep([TimerTrigger("0 15 * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken stopping) =>
        sweep.RunAsync(clients.Client(client), stopping);
}
