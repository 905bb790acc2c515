using System.Text.Json;
using AgentFunctions.Core.Orchestrations.Branches;

namespace AgentFunctions.Core.Tests.Orchestrations.Branches;

public sealed class QuorumTests
{
    [Theory]
    [InlineData("\"all\"", 10, 10)]
    [InlineData("1", 10, 1)]
    [InlineData("3", 10, 3)]
    [InlineData("0.5", 10, 5)]
    [InlineData("0.5", 3, 2)]
    [InlineData("0.1", 30, 3)]
    [InlineData("0.001", 30, 1)]
    [InlineData("1.0", 30, 30)]
    public void Needed_FromJson_IsRoundedUp(string json, int total, int expected) => Assert.Equal(expected, JsonSerializer.Deserialize<Quorum>(json).Needed(total));

    [Theory]
    [InlineData("\"all\"")]
    [InlineData("3")]
    [InlineData("0.25")]
    public void Json_RoundTrip_IsTheSame(string json) => Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<Quorum>(json)));

    [Fact]
    public void Json_WholeFraction_IsAll() => Assert.Equal("\"all\"", JsonSerializer.Serialize(Quorum.Part(1.0m)));

    [Theory]
    [InlineData("\"most\"")]
    [InlineData("true")]
    [InlineData("[]")]
    [InlineData("1e99")]
    public void Json_Otherwise_SaysWhatToWrite(string json) => Assert.Contains("such as 0.5", Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Quorum>(json)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("11")]
    [InlineData("0.0")]
    [InlineData("-0.5")]
    [InlineData("1.5")]
    public void Needed_DoesNotFit_IsRefusedWithItsValue(string json)
    {
        var quorum = JsonSerializer.Deserialize<Quorum>(json);
        Assert.False(quorum.Fits(10));
        Assert.Contains($"The quorum is {json} of 10", Assert.Throws<ArgumentOutOfRangeException>(() => quorum.Needed(10)).Message, StringComparison.Ordinal);
    }
}
