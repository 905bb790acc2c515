using System.Net;
using System.Text.Json;
using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Core.Orchestrations;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Orchestrations.SearchFusion;
using AgentFunctions.Core.Search;
using AgentFunctions.Core.Search.Mapped;
using AgentFunctions.Core.Tools;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFunctions.Conformance.Patterns;

/// <summary>Many sources, fused, on every host: with real files and a real server.</summary>
public abstract class SearchFusionConformance(IConformanceHosts hosts, HostFlavour flavour) : PatternConformance(hosts, flavour)
{
    [Fact]
    public async Task SearchFusion_Example_FindsTheAnswerFirst()
    {
        await PatternHostAsync();

        var result = await ExampleAsync(OrchestratorReferences.SearchFusion, "search-fusion.json");

        Assert.True(result.Complete);
        Assert.True(result.Reranked);
        Assert.Equal("food", result.Hits[0].Id);
        Assert.Equal(3, result.Hits[0].Ranks.Count);
    }

    [Fact]
    public async Task SearchFusion_FilesAndAServer_AreFused()
    {
        var folder = Directory.CreateTempSubdirectory("search-fusion");
        using var server = new HttpListener();
        var port = Listen(server);
        try
        {
            var file = Path.Combine(folder.FullName, "docs.jsonl");
            await File.WriteAllLinesAsync(file, ["""{"id":"a","text":"The wing stalls early."}""", """{"id":"b","text":"Stalled wings recover when the nose is lowered."}""", """{"id":"c","text":"Heat flows."}"""], Patience);
            await PatternHostAsync(services =>
            {
                services.Configure<SearchOptions>(options => options.Sources.Add("files", new SearchSourceOptions { File = file }));
                services.Configure<ToolOptions>(options => options.HttpGet.AllowedHosts.Add($"127.0.0.1:{port}"));
            });
            _ = ServeAsync(server);

            var result = await ResultAsync(OrchestratorReferences.SearchFusion, new SearchFusionInput
            {
                Query = "wings that stall",
                Sources =
                [
                    new() { Key = "files", Kind = SearchFusionSourceKind.Configured, Name = "files" },
                    new() { Key = "web", Kind = SearchFusionSourceKind.Http, Http = new HttpSearch { Url = $"http://127.0.0.1:{port}/find?q={{query}}&top={{top}}", Result = new ResultMapping { Items = "hits" } } },
                    new() { Key = "missing", Kind = SearchFusionSourceKind.Configured, Name = "nope" },
                ],
            });

            Assert.False(result.Complete);
            Assert.Equal([BranchStatus.Succeeded, BranchStatus.Succeeded, BranchStatus.Failed], result.Sources.Select(source => source.Status));
            Assert.Equal(["a", "b", "x"], result.Hits.Select(hit => hit.Id).Order(StringComparer.Ordinal));
            Assert.Equal("b", result.Hits[0].Id);
            Assert.Contains("There are: files.", result.Sources[2].Error!.Message, StringComparison.Ordinal);
        }
        finally
        {
            server.Stop();
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task SearchFusion_OfflineModelCannotSplit_SearchesTheQueryAndSaysSo()
    {
        await PatternHostAsync();
        var input = JsonElement.Parse("""{"query":"Which keepers?","decompose":{},"sources":[{"kind":"Documents","documents":{"items":[{"id":"a","text":"The keepers left."}]}}]}""");

        var result = await ResultOfAsync<SearchFusionResult>(await BeginAsync("SearchFusion", input));

        Assert.False(result.Decomposed);
        Assert.Equal(["Which keepers?"], result.Queries);
        Assert.NotEmpty(result.Notices!);
        Assert.Equal("a", Assert.Single(result.Hits).Id);
    }

    private static int Listen(HttpListener server)
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        server.Prefixes.Add($"http://127.0.0.1:{port}/");
        server.Start();
        return port;
    }

    private static async Task ServeAsync(HttpListener server)
    {
        try
        {
            while (true)
            {
                var call = await server.GetContextAsync();
                call.Response.ContentType = "application/json";
                await call.Response.OutputStream.WriteAsync("""{"hits":[{"id":"b","title":"Stall"},{"id":"x"}]}"""u8.ToArray());
                call.Response.Close();
            }
        }
        catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
        {
            // The test has ended and stopped the server.
        }
    }
}
