using System.Diagnostics;
using System.Text.Json;
using AgentFunctions.Core.Durable;
using Moq;

namespace AgentFunctions.App.Tests.ServiceBus;

/// <summary>Keeps what was started, and starts once for each instance ID.</summary>
internal sealed class FakeRuns
{
    private readonly Mock<IRunClient> client = new(MockBehavior.Strict);

    public FakeRuns()
    {
        client.Setup(c => c.StartAsync(It.IsAny<string>(), It.IsAny<JsonElement>(), It.IsAny<StartOptions>(), It.IsAny<CancellationToken>()))
            .Returns((string name, JsonElement input, StartOptions options, CancellationToken _) =>
            {
                Calls++;
                if (Failure is not null)
                {
                    throw Failure;
                }

                Trace = Activity.Current?.Context;
                var created = Started.TryAdd(options.InstanceId!, new RunState { Name = name, InstanceId = options.InstanceId!, Input = input, Priority = options.Priority, Budget = options.Budget, RuntimeStatus = RuntimeStatus.Running, CreatedTime = default, LastUpdatedTime = default });
                return Task.FromResult(new StartedRun(options.InstanceId!, created));
            });
        client.Setup(c => c.GetAsync(It.IsAny<string>(), true, It.IsAny<CancellationToken>())).Returns((string id, bool _, CancellationToken _) => Task.FromResult(Started.GetValueOrDefault(id)));
    }

    public IRunClient Client => client.Object;

    public Dictionary<string, RunState> Started { get; } = new(StringComparer.Ordinal);

    public Exception? Failure { get; set; }

    public int Calls { get; private set; }

    /// <summary>The trace that the last start was made in.</summary>
    public System.Diagnostics.ActivityContext? Trace { get; private set; }
}
