using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentFunctions.Api.OpenApi;

/// <summary>The contract as OpenAPI 3.1.1, computed from what the host runs.</summary>
internal static class OpenApiDocument
{
    private static readonly JsonWriterOptions Layout = new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Build(ApiEnvironment environment)
    {
        var schemas = new SchemaRegistry(environment.Json);
        var document = new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "AgentFunctions",
                ["version"] = typeof(OpenApiDocument).Assembly.GetName().Version?.ToString(3) ?? "0.0.0",
                ["summary"] = "Start, watch and steer durable agent runs.",
                ["description"] = "POST /api/runs/{orchestrator} is shown once for each orchestrator. Unknown paths under /api are a 404, unknown methods a 405, both with problem details.",
                ["license"] = new JsonObject { ["name"] = "MIT", ["identifier"] = "MIT" },
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = environment.Options.PublicBaseAddress?.AbsoluteUri.TrimEnd('/') ?? "/" }),
            ["paths"] = OpenApiPaths.Build(environment, schemas),
        };
        // The embedded host asks for no key; on Azure every route but health does.
        document["security"] = new JsonArray(new JsonObject(), new JsonObject { ["functionKey"] = new JsonArray() }, new JsonObject { ["functionKeyInQuery"] = new JsonArray() });
        var responses = OpenApiResponses.Components(schemas);
        document["components"] = new JsonObject
        {
            ["schemas"] = schemas.Components(),
            ["responses"] = responses,
            ["securitySchemes"] = new JsonObject
            {
                ["functionKey"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = "x-functions-key" },
                ["functionKeyInQuery"] = new JsonObject { ["type"] = "apiKey", ["in"] = "query", ["name"] = "code" },
            },
        };

        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Layout))
        {
            document.WriteTo(writer);
        }

        return stream.ToArray();
    }
}
