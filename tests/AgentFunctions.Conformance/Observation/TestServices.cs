using Microsoft.Extensions.Logging;

namespace AgentFunctions.Conformance.Observation;

/// <summary>The services a host gets: the ledger and a logger factory over it.</summary>
public sealed class TestServices(Ledger ledger) : IServiceProvider, IDisposable
{
    private readonly CapturedLogs logs = new(ledger);

    public object? GetService(Type serviceType)
    {
        if (serviceType == typeof(Ledger))
            return ledger;
        return serviceType == typeof(ILoggerFactory) ? logs : null;
    }

    public void Dispose() => logs.Dispose();
}
