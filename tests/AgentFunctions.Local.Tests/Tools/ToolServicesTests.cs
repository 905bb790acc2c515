using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Stores;
using AgentFunctions.Core.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Local.Tests.Tools;

/// <summary>Core's tools in a real host; here because Core's tests have no host.</summary>
public sealed class ToolServicesTests
{
    [Fact]
    public async Task AddTools_AndOneMore_AreAllThere()
    {
        await using var services = new ServiceCollection()
            .AddTools()
            .AddTool(AIFunctionFactory.Create((int number) => 2 * number, "twice"))
            .BuildServiceProvider(validateScopes: true);
        Assert.Equal(["calculate", "delay", "echo", "http-get", "search-files", "twice"], services.GetRequiredService<ToolRegistry>().Names);
    }

    [Fact]
    public async Task AddTools_WrongSetting_StopsTheHostWithItsName()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddTools(options => options.HttpGet.MaxRedirects = 99);
        using var host = builder.Build();
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Contains("Tools:HttpGet:MaxRedirects is 99. It must be from 0 to 10.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddToolActivities_CatalogCall_RunsTheToolOverJson()
    {
        var catalog = new CatalogBuilder().AddToolActivities().Build();
        await using var services = new ServiceCollection().AddTools().AddSingleton<IContentStore, MemoryContentStore>().AddChunkReader().BuildServiceProvider();
        var reply = await catalog.Activities["CallTool"].RunAsync(
            services, new ActivityContext("run", "CallTool", 1), """{"tool":"calculate","arguments":{"expression":"6*7"}}"""u8.ToArray(), catalog.Json, CancellationToken.None);
        Assert.Equal("""{"value":42}""", System.Text.Encoding.UTF8.GetString(reply.Span));
        Assert.IsType<ChunkReader>(services.GetRequiredService<IChunkReader>());
    }

    [Fact]
    public async Task AddToolActivities_Split_CrossesJson()
    {
        var catalog = new CatalogBuilder().AddToolActivities().Build();
        await using var services = new ServiceCollection().AddSingleton<IContentStore, MemoryContentStore>().BuildServiceProvider();
        var reply = await catalog.Activities["SplitDocument"].RunAsync(
            services, new ActivityContext("run", "SplitDocument", 1), """{"documents":[{"id":"a","content":{"text":"Some text."}}],"chunkTokens":50}"""u8.ToArray(), catalog.Json, CancellationToken.None);
        var set = System.Text.Json.JsonDocument.Parse(reply).RootElement;
        Assert.Equal((1, 1), (set.GetProperty("count").GetInt32(), set.GetProperty("documents").GetInt32()));
    }
}
