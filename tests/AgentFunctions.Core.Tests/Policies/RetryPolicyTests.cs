using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies;

namespace AgentFunctions.Core.Tests.Policies;

public sealed class RetryPolicyTests
{
    private static readonly FailureDetails Failure = new() { Type = "T", Message = "m" };

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void Allows_ThreeAttempts_UpToTheSecondFailure(int attempt, bool expected) => Assert.Equal(expected, new RetryPolicy().Allows(attempt, Failure));

    [Fact]
    public void Allows_PermanentFailure_Never() => Assert.False(new RetryPolicy().Allows(1, Failure with { Permanent = true }));

    [Fact]
    public void Allows_None_Never() => Assert.False(RetryPolicy.None.Allows(1, Failure));

    [Fact]
    public void Delay_RetryAfter_IsThatTimeAndTheJitter() =>
        Assert.Equal(TimeSpan.FromSeconds(60.5), new RetryPolicy().Delay(1, Failure with { RetryAfter = TimeSpan.FromSeconds(60) }, 0.5));

    [Fact]
    public void Delay_NoRetryAfter_IsTheJitter() => Assert.Equal(TimeSpan.FromSeconds(1), new RetryPolicy().Delay(2, Failure, 0.5));

    [Theory]
    [InlineData(0, 1, 1, "MaxAttempts is 0")]
    [InlineData(101, 1, 1, "MaxAttempts is 101")]
    [InlineData(1, -1, 1, "BaseDelay is -00:00:01")]
    [InlineData(1, 2, 1, "MaxDelay is 00:00:01")]
    [InlineData(1, 1, 100_000, "MaxDelay is 1.03:46:40")]
    public void Fault_OutOfRange_NamesTheSettingAndItsValue(int attempts, int first, int cap, string expected) =>
        Assert.StartsWith(expected, new RetryPolicy { MaxAttempts = attempts, BaseDelay = TimeSpan.FromSeconds(first), MaxDelay = TimeSpan.FromSeconds(cap) }.Fault(), StringComparison.Ordinal);

    [Fact]
    public void Fault_Default_IsNone() => Assert.Null(new RetryPolicy().Fault());
}
