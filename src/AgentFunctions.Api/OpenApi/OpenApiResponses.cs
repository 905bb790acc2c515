using System.Globalization;
using System.Text.Json.Nodes;
using AgentFunctions.Api.Problems;

namespace AgentFunctions.Api.OpenApi;

/// <summary>The responses of the contract.</summary>
internal static class OpenApiResponses
{
    public static JsonObject Json(string description, JsonNode schema) => new()
    {
        ["description"] = description,
        ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = schema } },
    };

    public static JsonObject Empty(string description) => new() { ["description"] = description };

    public static JsonObject Accepted(SchemaRegistry schemas, string description)
    {
        var response = Json(description, schemas.Of(typeof(Runs.ManagementPayload)));
        response["headers"] = new JsonObject
        {
            ["Location"] = Header("The run's status.", new() { ["type"] = "string", ["format"] = "uri-reference" }),
            ["Retry-After"] = Header("When to ask for the status, in seconds.", new() { ["type"] = "integer" }),
        };
        return response;
    }

    /// <summary>Adds the problems that an operation can answer: its own, and those that any can.</summary>
    public static JsonObject WithProblems(this JsonObject responses, params IEnumerable<ProblemKind> kinds)
    {
        foreach (var status in kinds.Append(ProblemKind.InvalidRequest).Append(ProblemKind.InternalError).Select(kind => kind.Status).Distinct().Order())
        {
            responses.Add(status.ToString(CultureInfo.InvariantCulture), new JsonObject { ["$ref"] = $"#/components/responses/{NameOf(status)}" });
        }

        return responses;
    }

    /// <summary>One component for each status, which names the kinds of problem that have it.</summary>
    public static JsonObject Components(SchemaRegistry schemas)
    {
        var components = new JsonObject();
        foreach (var kinds in ProblemKind.All.GroupBy(kind => kind.Status))
        {
            var response = new JsonObject
            {
                ["description"] = string.Join(" · ", kinds.Select(kind => $"{kind.Title} ({kind.Anchor})")),
                ["content"] = new JsonObject { ["application/problem+json"] = new JsonObject { ["schema"] = schemas.Of(typeof(Problem)) } },
            };
            if (kinds.Key is 429 or 503)
            {
                response["headers"] = new JsonObject { ["Retry-After"] = Header("When to try again, in seconds.", new() { ["type"] = "integer" }) };
            }
            else if (kinds.Key == 405)
            {
                response["headers"] = new JsonObject { ["Allow"] = Header("The methods that the path takes.", new() { ["type"] = "string" }) };
            }

            components.Add(NameOf(kinds.Key), response);
        }

        return components;
    }

    private static string NameOf(int status) => string.Create(CultureInfo.InvariantCulture, $"Problem{status}");

    private static JsonObject Header(string description, JsonObject schema) => new() { ["description"] = description, ["schema"] = schema };
}
