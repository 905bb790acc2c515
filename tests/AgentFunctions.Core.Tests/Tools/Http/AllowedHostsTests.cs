using System.Net;
using AgentFunctions.Core.Tools.Http;

namespace AgentFunctions.Core.Tests.Tools.Http;

public sealed class AllowedHostsTests
{
    [Theory]
    [InlineData("example.org", "http://example.org/", true)]
    [InlineData("example.org", "https://EXAMPLE.ORG./", true)]
    [InlineData("example.org", "http://www.example.org/", false)]
    [InlineData("example.org", "http://example.org.evil.test/", false)]
    [InlineData("example.org", "http://notexample.org/", false)]
    [InlineData("*.example.org", "http://www.example.org/", true)]
    [InlineData("*.example.org", "http://a.b.example.org/", true)]
    [InlineData("*.example.org", "http://example.org/", false)]
    [InlineData("*.example.org", "http://notexample.org/", false)]
    [InlineData("example.org:8080", "http://example.org:8080/", true)]
    [InlineData("example.org:8080", "http://example.org/", false)]
    [InlineData("bücher.example", "http://xn--bcher-kva.example/", true)]
    [InlineData("127.0.0.1", "http://127.0.0.1/", true)]
    [InlineData("127.0.0.1", "http://2130706433/", true)]
    [InlineData("127.0.0.1", "http://[::ffff:127.0.0.1]/", true)]
    [InlineData("127.0.0.1", "http://127.0.0.2/", false)]
    [InlineData("127.0.0.1", "http://localhost/", false)]
    [InlineData("127.0.0.1:80", "http://127.0.0.1:81/", false)]
    [InlineData("10.0.0.0/8", "http://10.200.0.1/", true)]
    [InlineData("10.0.0.0/8", "http://0x0b.0.0.1/", false)]
    [InlineData("[::1]:80", "http://[::1]/", true)]
    public void MayName_Url_GoesByTheEntry(string entry, string url, bool expected) => Assert.Equal(expected, new AllowedHosts([entry]).MayName(new Uri(url)));

    [Theory]
    [InlineData("example.org", "127.0.0.1", false)]
    [InlineData("localhost", "127.0.0.1", false)]
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    [InlineData("127.0.0.1", "::ffff:127.0.0.1", true)]
    [InlineData("127.0.0.1:81", "127.0.0.1", false)]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1", true)]
    [InlineData("fd00::/8", "fd12::1", true)]
    [InlineData("example.org", "8.8.8.8", true)]
    public void MayConnect_Address_MustBePublicOrListed(string entry, string address, bool expected) =>
        Assert.Equal(expected, new AllowedHosts([entry]).MayConnect(IPAddress.Parse(address), 80));

    [Fact]
    public void MayName_NothingListed_IsFalse() => Assert.False(new AllowedHosts([]).MayName(new Uri("http://example.org/")));
}
