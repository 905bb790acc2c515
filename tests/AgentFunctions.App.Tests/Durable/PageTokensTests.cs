using AgentFunctions.App.Durable;

namespace AgentFunctions.App.Tests.Durable;

public sealed class PageTokensTests
{
    [Theory]
    [InlineData("x")]
    [InlineData("{\"NextPartitionKey\":\"1!8!YQ--\"}")]
    public void Open_OfWhatCloseMade_IsTheSame(string token) => Assert.Equal(token, PageTokens.Open(PageTokens.Close(token)));

    [Fact]
    public void NoToken_IsTheFirstPageAndTheLast()
    {
        Assert.Null(PageTokens.Open(null));
        Assert.Null(PageTokens.Close(null));
        Assert.Null(PageTokens.Close(""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("p1.")]
    [InlineData("p1.!")]
    [InlineData("of somebody else")]
    public void Open_OfAnotherToken_IsRefused(string token) => Assert.Throws<ArgumentException>(() => PageTokens.Open(token));
}
