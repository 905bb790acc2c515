using System.Text.Json;
using AgentFunctions.Conformance.Catalogs;
using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Conformance;

/// <summary>Values cross history unchanged, whatever their size or script.</summary>
public abstract class PayloadsConformance(IConformanceHosts hosts, HostFlavour flavour) : ConformanceSuite(hosts, flavour)
{
    private const int Megabyte = 1_048_576;
    private static readonly OrchestratorReference<string, string> Text = new("Text");
    private static readonly OrchestratorReference<Sample, Sample> Record = new("Record");
    private static readonly OrchestratorReference<JsonElement, JsonElement> Any = new("Any");
    private static readonly ActivityReference<string, string> Echo = new("Echo");
    private static readonly ActivityReference<Sample, Sample> EchoRecord = new("EchoRecord");
    private static readonly ActivityReference<JsonElement, JsonElement> EchoAny = new("EchoAny");

    [Fact]
    public async Task OneMegabyte_CrossesEveryBoundaryUnchanged()
    {
        var text = string.Concat(Enumerable.Range(0, Megabyte / 16).Select(i => $"{i:x15}\n"));
        Assert.Equal(Megabyte, text.Length);
        await HostAsync(Build);

        var id = await StartAsync(Text, text);
        await RaiseAsync(id, "echo", text);
        var state = await CompletedAsync(id);

        Assert.Equal(text, FromJson<string>(state.Input));
        Assert.Equal(text, FromJson<string>(state.Output));
    }

    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich")]
    [InlineData("漢字かな交じり文 \u202Eعربي\u202C עברית")]
    [InlineData("👩‍👩‍👧‍👦 🇩🇪 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 e\u0301")]
    [InlineData("quotes \" ' back\\slash /slash <tag> & \t tab \r\n lines \u2028 \u0000 nul \u001F")]
    public async Task Text_OfAnyScript_CrossesUnchanged(string text)
    {
        await HostAsync(Build);

        var id = await StartAsync(Text, text);
        await RaiseAsync(id, "echo", text);

        Assert.Equal(text, await ResultOfAsync<string>(id));
    }

    [Fact]
    public async Task Record_OfEveryKindOfValue_CrossesUnchanged()
    {
        var sample = new Sample
        {
            Text = "ünïcode ✓",
            Big = long.MaxValue,
            Real = 0.1 + 0.2,
            Money = 79_228_162_514_264_337_593_543_950_335m,
            Flag = true,
            At = new DateTimeOffset(2024, 2, 29, 23, 59, 59, 999, TimeSpan.FromHours(5.5)),
            Took = new TimeSpan(3, 4, 5, 6, 7),
            Id = new Guid("0f8fad5b-d9cb-469f-a165-70867728950e"),
            Numbers = [int.MinValue, 0, int.MaxValue],
            Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["Key With Case"] = "1", [""] = "empty key" },
        };
        await HostAsync(Build);

        var state = await RunAsync(Record, sample);

        Assert.Equal(RuntimeStatus.Completed, state.RuntimeStatus);
        Assert.Equal(ToJson(sample).GetRawText(), ToJson(FromJson<Sample>(state.Output)).GetRawText());
        Assert.Equal(sample.At.Offset, FromJson<Sample>(state.Output).At.Offset);
        Assert.Equal(sample.Real, FromJson<Sample>(state.Output).Real);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("-0.0")]
    [InlineData("1e400")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]")]
    [InlineData("""{"b":1,"a":{"c":[true,false,null,"x"]},"é":"ü"}""")]
    public async Task Json_OfAnyShape_CrossesUnchanged(string json)
    {
        using var document = JsonDocument.Parse(json);
        await HostAsync(Build);

        var started = await Client.StartAsync(Any.Name, document.RootElement, new StartOptions(), Patience);
        var state = await CompletedAsync(started.InstanceId);

        Assert.NotNull(state.Output);
        Assert.True(JsonElement.DeepEquals(document.RootElement, state.Output.Value), $"{json} came back as {state.Output.Value.GetRawText()}.");
    }

    [Fact]
    public async Task TwentyMegabytes_ThroughManySteps_Arrive()
    {
        var text = new string('x', Megabyte);
        OrchestratorReference<int, int> many = new("Many");
        await HostAsync(c => c
            .Activity(Echo, x => x)
            .Orchestrator(many, async (context, n) =>
            {
                var length = 0;
                for (var i = 0; i < n; i++)
                    length += (await context.CallActivityAsync(Echo, text)).Length;
                return length;
            }));

        Assert.Equal(10 * Megabyte, await ResultAsync(many, 10));
    }

    private static void Build(CatalogBuilder catalog) => catalog
        .Activity(Echo, x => x)
        .Activity(EchoRecord, x => x)
        .Activity(EchoAny, x => x)
        .Counter()
        .Orchestrator(Text, async (context, text) =>
        {
            var answer = await context.CallActivityAsync(Echo, text);
            await context.CallEntityAsync(CounterEntity.At("texts"), CounterEntity.Append, answer);
            var log = (await context.CallEntityAsync(CounterEntity.At("texts"), CounterEntity.Read, 0)).Log;
            var raised = await context.WaitForExternalEventAsync<string>("echo");
            return raised == log[0] ? raised : $"The event and the entity's state differ: {raised.Length} and {log[0].Length} characters.";
        })
        .Orchestrator(Record, (context, x) => context.CallActivityAsync(EchoRecord, x))
        .Orchestrator(Any, (context, x) => context.CallActivityAsync(EchoAny, x));
}
