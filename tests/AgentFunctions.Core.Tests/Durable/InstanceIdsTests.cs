using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Tests.Durable;

public sealed class InstanceIdsTests
{
    [Theory]
    [InlineData("acme~3f2a", "acme~3f2a")]
    [InlineData("acme~3f2a:0004", "acme~3f2a")]
    [InlineData("acme~3f2a:0004:00ff", "acme~3f2a")]
    [InlineData("order:17", "order:17")]
    [InlineData("order:17:001a", "order:17")]
    [InlineData("order:17:10001a", "order:17")]
    [InlineData("order:17:10001a:0004", "order:17")]
    [InlineData("day:20260131", "day:20260131")]
    [InlineData("order:01234", "order:01234")]
    [InlineData(":0004", ":0004")]
    [InlineData("", "")]
    public void RootOf_AnyInstance_IsTheRunThatTheCallerStarted(string id, string root) => Assert.Equal(root, InstanceIds.RootOf(id));
}
