using AgentFunctions.App.Durable;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Moq;

namespace AgentFunctions.App.Tests.Durable;

public sealed class WorkerSlotsTests
{
    [Theory]
    [InlineData(null, null, 64)]
    [InlineData("10", null, 10)]
    [InlineData(null, "32", 32)]
    [InlineData("10", "32", 10)]
    public void Read_Settings_OwnBeforeTheHostsBeforeTheDefault(string? own, string? hosts, int slots) => Assert.Equal(slots, WorkerSlots.Read(Settings(own, hosts)));

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("many")]
    [InlineData("100001")]
    public void Read_OutOfRange_IsRefusedByName(string own) =>
        Assert.Contains($"Load:ActivitySlots is '{own}'", Assert.Throws<InvalidOperationException>(() => WorkerSlots.Read(Settings(own, null))).Message, StringComparison.Ordinal);

    [Fact]
    public void Draining_FromTheMomentTheWorkerIsAskedToStop()
    {
        using var stopping = new CancellationTokenSource();
        var state = new WorkerState(Mock.Of<IHostApplicationLifetime>(lifetime => lifetime.ApplicationStopping == stopping.Token));
        Assert.False(state.Draining);
        stopping.Cancel();
        Assert.True(state.Draining && state.DrainToken.IsCancellationRequested);
        Assert.False(new WorkerState(null).Draining);
    }

    private static IConfiguration Settings(string? own, string? hosts) =>
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { [WorkerSlots.Setting] = own, [WorkerSlots.HostSetting] = hosts }).Build();
}
