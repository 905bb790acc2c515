using System.Text.Json;
using System.Text.RegularExpressions;
using AgentFunctions.Api;
using AgentFunctions.Api.Problems;

namespace AgentFunctions.Local.Tests.Http;

public sealed class OpenApiTests : IAsyncLifetime
{
    private ApiHost host = null!;
    private JsonElement document;

    public async Task InitializeAsync()
    {
        host = await ApiHost.StartAsync();
        document = (await host.GetAsync("/api/openapi.json")).Body;
    }

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public void Document_Version_Is31() => Assert.StartsWith("3.1.", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);

    [Fact]
    public void Document_EveryRoute_IsThere()
    {
        var routes = ApiRoutes.All.Where(route => route.Template != "/api/runs/{orchestrator}").Select(route => $"{route.Method} {route.Template}");
        var starts = Samples.Catalog.PublicOrchestratorNames.Select(name => $"POST /api/runs/{name}");

        Assert.Equal(routes.Concat(starts).Order(StringComparer.Ordinal), Operations().Select(o => $"{o.Method.ToUpperInvariant()} {o.Path}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Document_EveryOperation_IsWellFormed()
    {
        foreach (var (method, path, operation) in Operations())
        {
            Assert.NotEqual("", operation.GetProperty("summary").GetString());
            var parameters = operation.TryGetProperty("parameters", out var list) ? list.EnumerateArray().ToList() : [];
            var inPath = parameters.Where(p => p.GetProperty("in").GetString() == "path").Select(p => p.GetProperty("name").GetString()!).ToList();
            Assert.Equal(Regex.Matches(path, @"\{(\w+)\}").Select(match => match.Groups[1].Value), inPath);
            Assert.All(parameters, p => Assert.True(p.TryGetProperty("schema", out _) && p.GetProperty("description").GetString()!.Length > 5, $"{method} {path}: {p}"));
            Assert.Equal(parameters.Count, parameters.Select(p => (p.GetProperty("in").GetString(), p.GetProperty("name").GetString())).Distinct().Count());
            var statuses = operation.GetProperty("responses").EnumerateObject().Select(r => int.Parse(r.Name, null)).ToList();
            Assert.Contains(statuses, status => status is >= 200 and < 300);
            Assert.Contains(400, statuses);
            Assert.Contains(500, statuses);
        }
    }

    [Fact]
    public void Document_OperationIds_AreUnique()
    {
        var ids = Operations().Select(o => o.Operation.GetProperty("operationId").GetString()!).ToList();

        Assert.Equal(ids.Count, ids.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Document_EveryReference_LeadsSomewhere()
    {
        var references = References(document).ToList();

        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.Equal(JsonValueKind.Object, Resolve(reference).ValueKind));
    }

    [Fact]
    public void Document_InputOfAnOrchestrator_HasItsSchema()
    {
        var body = document.GetProperty("paths").GetProperty("/api/runs/ToolFanOut").GetProperty("post").GetProperty("requestBody");
        var schema = Resolve(body.GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("$ref").GetString()!);

        Assert.Equal(["calls"], schema.GetProperty("required").EnumerateArray().Select(e => e.GetString()!));
        Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
        var properties = schema.GetProperty("properties");
        Assert.Equal("#/components/schemas/SampleCall", properties.GetProperty("calls").GetProperty("items").GetProperty("$ref").GetString());
        Assert.Equal("integer", properties.GetProperty("maxParallel").GetProperty("type").GetString());
        Assert.Equal(["Plain", "Careful"], properties.GetProperty("mode").GetProperty("enum").EnumerateArray().Select(e => e.GetString()!));
        Assert.Contains("hh:mm:ss", properties.GetProperty("branchTimeout").GetProperty("description").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Document_RecursiveInput_RefersToItself()
    {
        var children = Resolve("#/components/schemas/TreeInput").GetProperty("properties").GetProperty("children");

        Assert.Equal("#/components/schemas/TreeInput", children.GetProperty("items").GetProperty("$ref").GetString());
    }

    [Fact]
    public void Document_EveryKindOfProblem_IsInAResponse()
    {
        var described = string.Concat(document.GetProperty("components").GetProperty("responses").EnumerateObject().Select(r => r.Value.GetProperty("description").GetString()));

        Assert.All(ProblemKind.All, kind => Assert.Contains($"({kind.Anchor})", described, StringComparison.Ordinal));
    }

    private IEnumerable<(string Method, string Path, JsonElement Operation)> Operations() =>
        document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => (operation.Name, path.Name, operation.Value)));

    private JsonElement Resolve(string reference)
    {
        Assert.StartsWith("#/", reference, StringComparison.Ordinal);
        return reference[2..].Split('/').Aggregate(document, (node, part) => node.GetProperty(part));
    }

    private static IEnumerable<string> References(JsonElement node) => node.ValueKind switch
    {
        JsonValueKind.Object => node.EnumerateObject().SelectMany(p => p.NameEquals("$ref") ? [p.Value.GetString()!] : References(p.Value)),
        JsonValueKind.Array => node.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
