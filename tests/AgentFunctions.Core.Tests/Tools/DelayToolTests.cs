using AgentFunctions.Core.Tools;

namespace AgentFunctions.Core.Tests.Tools;

public sealed class DelayToolTests
{
    private readonly ManualTime time = new();

    [Fact]
    public async Task Invoke_TimePassed_ReturnsTheValue()
    {
        var call = new DelayTool(time).CallAsync("""{"milliseconds":100,"value":"x"}""");
        time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.False(call.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("x", (await call).GetString());
    }

    [Fact]
    public async Task Invoke_Zero_ReturnsAtOnce() => Assert.Equal(1, (await new DelayTool(time).CallAsync("""{"milliseconds":0,"value":1}""")).GetInt32());

    [Fact]
    public async Task Invoke_Cancelled_EndsAndLeavesNoTimer()
    {
        using var stop = new CancellationTokenSource();
        var call = new DelayTool(time).CallAsync("""{"milliseconds":600000,"value":1}""", stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(0, time.Waiting);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("600001")]
    [InlineData("1.5")]
    [InlineData("\"100\"")]
    [InlineData("1e99")]
    public async Task Invoke_WrongMilliseconds_NamesValueAndRange(string milliseconds) =>
        Assert.Equal(
            $"The tool 'delay' got {milliseconds} for 'milliseconds'. Give a whole number from 0 to 600000.",
            await new DelayTool(time).RefusalAsync($$"""{"milliseconds":{{milliseconds}},"value":1}"""));
}
