using System.Text.Json;
using AgentFunctions.Core.Serialization;

namespace AgentFunctions.Core.Tests.Serialization;

public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData("""{ "b" : [ 1, {"z":null,"y":true} ], "a" : "x" }""", """{"a":"x","b":[1,{"y":true,"z":null}]}""")]
    [InlineData("""{"a":1.50,"A":1e3}""", """{"A":1e3,"a":1.50}""")]
    [InlineData("""{"\u00e9":"\u0041\n"}""", """{"é":"A\n"}""")]
    [InlineData("[]", "[]")]
    [InlineData("7", "7")]
    public void Write_AnyForm_GivesTheOne(string json, string expected) => Assert.Equal(expected, CanonicalJson.Write(JsonElement.Parse(json)));
}
