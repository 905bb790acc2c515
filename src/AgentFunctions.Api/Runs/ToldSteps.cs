using System.Text.Json;
using System.Text.Json.Nodes;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;

namespace AgentFunctions.Api.Runs;

/// <summary>What the end of some steps tells beside the step itself: a tool's result, and what a model said in its turn. Both come from history, so they are there after any crash.</summary>
internal static class ToldSteps
{
    public const string ToolResult = "toolResult";
    public const string Message = "message";
    private static readonly string[] OfStep = ["label", "status", "failure", "cost", "cache"];
    private static readonly string[] OfTool = ["value", "ref", "cost"];
    private static readonly string[] OfModel = ["text", "toolCalls", "model", "finishReason", "notice", "cost"];

    /// <summary>The event beside the step's own, or null.</summary>
    public static (string Kind, JsonElement Data)? Of(RunUpdate update)
    {
        if (update.Kind != "step" || update.Data.ValueKind != JsonValueKind.Object || Text(update.Data, "kind") != nameof(StepKind.Activity))
        {
            return null;
        }

        var completed = Text(update.Data, "status") == nameof(StepStatus.Completed);
        return Text(update.Data, "name") switch
        {
            var name when name == ActivityReferences.StreamModel.Name && completed && update.Output is not null => (Message, Describe(update, OfModel)),
            var name when name == ActivityReferences.CallTool.Name && (completed || Text(update.Data, "status") == nameof(StepStatus.Failed)) => (ToolResult, Describe(update, OfTool)),
            _ => null,
        };
    }

    private static JsonElement Describe(RunUpdate update, string[] ofOutput)
    {
        var told = new JsonObject { ["step"] = update.Data.TryGetProperty("id", out var id) ? JsonValue.Create(id) : null };
        Copy(update.Data, OfStep, told);
        if (update.Output is { } json && DurableJson.Parse(json) is { ValueKind: JsonValueKind.Object } output)
        {
            Copy(output, ofOutput, told);
        }

        using var document = JsonDocument.Parse(told.ToJsonString());
        return document.RootElement.Clone();
    }

    private static void Copy(JsonElement from, string[] names, JsonObject to)
    {
        foreach (var name in names)
        {
            if (from.TryGetProperty(name, out var value))
            {
                to[name] = value.ValueKind switch
                {
                    JsonValueKind.Object => JsonObject.Create(value),
                    JsonValueKind.Array => JsonArray.Create(value),
                    JsonValueKind.Null => null,
                    _ => JsonValue.Create(value),
                };
            }
        }
    }

    private static string? Text(JsonElement data, string property) => data.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
