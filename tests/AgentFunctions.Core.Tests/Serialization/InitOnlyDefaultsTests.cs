using System.Text.Json;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Orchestrations;
using AgentFunctions.Core.Orchestrations.MapReduce;
using AgentFunctions.Core.Serialization;

namespace AgentFunctions.Core.Tests.Serialization;

public sealed class InitOnlyDefaultsTests
{
    private static readonly JsonSerializerOptions Options = DurableJson.CreateOptions(OrchestrationsJsonContext.Default);

    [Fact]
    public void Read_MissingProperties_HaveTheirDefaults()
    {
        var input = Read<MapReduceInput>("""{"task":"t","documents":[{"id":"a","text":"b"}]}""");
        Assert.Equal((2000, 10, 50), (input.ChunkTokens, input.GroupSize, input.MaxParallel));
        Assert.Equal(new MapReduceModels(), input.Models);
    }

    [Fact]
    public void Read_PresentProperties_Win() => Assert.Equal(
        ("x", ModelTiers.Balanced, 7),
        Read<MapReduceInput>("""{"task":"t","documents":[],"maxParallel":7,"models":{"map":"x"}}""") is var input ? (input.Models.Map, input.Models.Reduce, input.MaxParallel) : default);

    [Fact]
    public void Read_RequiredPropertyMissing_IsStillRefused() => Assert.Contains("documents", Assert.Throws<JsonException>(() => Read<MapReduceInput>("""{"task":"t"}""")).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_NullForWhatIsNotNullable_IsStillRefused() => Assert.Throws<JsonException>(() => Read<MapReduceInput>("""{"task":"t","documents":[],"models":null}"""));

    [Fact]
    public void Read_UnknownProperty_IsStillRefused() => Assert.Throws<JsonException>(() => Read<MapReduceInput>("""{"task":"t","documents":[],"chunks":1}"""));

    [Fact]
    public void Write_ThenRead_IsEqual()
    {
        var call = new ModelCall { Instructions = "i", Parts = [], Purpose = ModelPurpose.Rank, Temperature = 0.5f, MaxOutputTokens = 9 };
        Assert.Equal(call with { Parts = [] }, Read<ModelCall>(JsonSerializer.Serialize(call, Options)) with { Parts = call.Parts });
    }

    private static T Read<T>(string json) => DurableJson.Read<T>(System.Text.Encoding.UTF8.GetBytes(json), Options);
}
