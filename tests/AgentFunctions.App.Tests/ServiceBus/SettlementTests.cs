using AgentFunctions.App.ServiceBus;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using Moq;

namespace AgentFunctions.App.Tests.ServiceBus;

public sealed class SettlementTests
{
    private static readonly Dictionary<string, object> Why = new() { ["agentfunctions-failure"] = "why" };
    private readonly Mock<ISettlement> actions = new(MockBehavior.Strict);
    private readonly InstantTime time = new();

    [Fact]
    public async Task Settle_Complete_Completes()
    {
        actions.Setup(a => a.CompleteAsync(CancellationToken.None)).Returns(Task.CompletedTask);
        await SettleAsync(new Disposition.Complete("run"));
        actions.VerifyAll();
    }

    [Fact]
    public async Task Settle_Invalidated_Completes()
    {
        actions.Setup(a => a.CompleteAsync(CancellationToken.None)).Returns(Task.CompletedTask);
        await SettleAsync(new Disposition.Invalidated(new CacheInvalidation { Tag = "prices" }));
        actions.VerifyAll();
    }

    [Fact]
    public async Task Settle_DeadLetter_GivesReasonAndDescription()
    {
        actions.Setup(a => a.DeadLetterAsync("invalid-input", "why", CancellationToken.None)).Returns(Task.CompletedTask);
        await SettleAsync(new Disposition.DeadLetter("invalid-input", "why"));
        actions.VerifyAll();
    }

    [Fact]
    public async Task Settle_Abandon_WaitsAndGivesBack()
    {
        actions.Setup(a => a.AbandonAsync(Why, CancellationToken.None)).Returns(Task.CompletedTask);
        await SettleAsync(new Disposition.Abandon(Why, TimeSpan.FromSeconds(4)));
        actions.VerifyAll();
        Assert.Equal([TimeSpan.FromSeconds(4)], time.Waits);
    }

    [Fact]
    public async Task Settle_AbandonWhileStopping_GivesBackAtOnce()
    {
        actions.Setup(a => a.AbandonAsync(Why, CancellationToken.None)).Returns(Task.CompletedTask);
        await Settlement.SettleAsync(new Disposition.Abandon(Why, TimeSpan.FromHours(1)), actions.Object, TimeProvider.System, new CancellationToken(canceled: true));
        actions.VerifyAll();
    }

    [Theory]
    [InlineData(0, null, 1)]
    [InlineData(1, null, 1)]
    [InlineData(2, null, 2)]
    [InlineData(5, null, 16)]
    [InlineData(6, null, 30)]
    [InlineData(int.MaxValue, null, 30)]
    [InlineData(1, 7, 7)]
    [InlineData(5, 7, 16)]
    [InlineData(1, 3600, 30)]
    public void Delay_DoublesOrIsWhatWasAskedFor(int deliveries, int? asked, int expected) =>
        Assert.Equal(TimeSpan.FromSeconds(expected), RetryDelay.Of(deliveries, new ThrottledException("busy", asked is { } s ? TimeSpan.FromSeconds(s) : null)));

    [Fact]
    public void Cut_LongText_EndsWithoutHalfACharacter()
    {
        Assert.Equal("abc", BrokerText.Cut("abc", 3));
        Assert.Equal("ab…", BrokerText.Cut("abcd", 3));
        Assert.Equal("a…", BrokerText.Cut("a😀bc", 3));
    }

    private Task SettleAsync(Disposition disposition) => Settlement.SettleAsync(disposition, actions.Object, time, CancellationToken.None);
}
