using AgentFunctions.App.Durable;
using DurableTask.Core.History;
using Grpc.Core;
using Microsoft.DurableTask.Client;
using Moq;

namespace AgentFunctions.App.Tests.Durable;

public sealed class RunHistoryTests
{
    private readonly Mock<DurableTaskClient> backend = new("test");
    private readonly Mock<IHostHistory> host = new();

    [Fact]
    public async Task Read_BackendThatHasRefusedOnce_IsNotAskedAgain()
    {
        backend.Setup(c => c.GetOrchestrationHistoryAsync("run", It.IsAny<CancellationToken>())).ThrowsAsync(new RpcException(new Status(StatusCode.Unimplemented, "no")));
        host.Setup(h => h.ReadAsync(backend.Object, "run", It.IsAny<CancellationToken>())).ReturnsAsync([new TimerCreatedEvent(0)]);
        var histories = new RunHistory(host.Object);

        Assert.Single(await histories.ReadAsync(backend.Object, "run", default));
        Assert.Single(await histories.ReadAsync(backend.Object, "run", default));

        backend.Verify(c => c.GetOrchestrationHistoryAsync("run", It.IsAny<CancellationToken>()), Times.Once);
        host.Verify(h => h.ReadAsync(backend.Object, "run", It.IsAny<CancellationToken>()), Times.Exactly(2));
    }
}
