using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Search;
using AgentFunctions.Core.Stores;
using AgentFunctions.Core.Tools;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Local.Tests.Search;

/// <summary>Core's search in a real host, with real configuration; here because Core's tests have no host.</summary>
public sealed class SearchServicesTests
{
    [Fact]
    public async Task AddSearch_ConfiguredAndOwnSources_AreThereByName()
    {
        var folder = Directory.CreateTempSubdirectory("search-services");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "a.txt"), "A zebra.");
            var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Search:Sources:handbook:Folder"] = folder.FullName,
                ["Search:Sources:Tools:Kind"] = "tool",
                ["Search:Sources:Tools:Tool"] = "echo",
                ["Search:Sources:Tools:Arguments"] = """{"value":[{"key":"{query}"}]}""",
                ["Search:Sources:Tools:Result:Id"] = "key",
            }).Build();
            await using var services = new ServiceCollection()
                .Configure<SearchOptions>(configuration.GetSection(SearchOptions.Section))
                .AddSingleton<IContentStore, MemoryContentStore>()
                .AddTools()
                .AddModels(new ModelOptions())
                .AddSearch()
                .AddSearchSource("own", _ => new OneHit())
                .BuildServiceProvider(validateScopes: true);
            var catalog = new CatalogBuilder().AddSearchActivities().Build();
            Assert.Equal(["Tools", "handbook", "own"], services.GetRequiredService<SearchSources>().Names);

            Assert.Contains("a.txt#L1", await AskAsync("HANDBOOK"), StringComparison.Ordinal);
            Assert.Equal("""{"hits":[{"id":"zebra"}]}""", await AskAsync("tools"));
            Assert.Equal("""{"hits":[{"id":"mine"}]}""", await AskAsync("own"));

            async Task<string> AskAsync(string name) => System.Text.Encoding.UTF8.GetString((await catalog.Activities["SearchSource"].RunAsync(
                services, new ActivityContext("run", "SearchSource", 1), System.Text.Encoding.UTF8.GetBytes($$$"""{"query":"zebra","top":5,"source":{"name":"{{{name}}}"}}"""), catalog.Json, CancellationToken.None)).Span);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task AddSearch_WrongSetting_StopsTheHostWithItsName()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSearch(options => options.Sources["docs"] = new SearchSourceOptions { Folder = "/no/such/folder" });
        using var host = builder.Build();
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Contains("Search:Sources:docs:Folder is '/no/such/folder', which is no folder.", error.Message, StringComparison.Ordinal);
    }

    private sealed class OneHit : ISearchSource
    {
        public Task<SearchAnswer> SearchAsync(SearchQuery query, CancellationToken cancellationToken) => Task.FromResult(new SearchAnswer([new SearchHit { Id = "mine" }]));
    }
}
