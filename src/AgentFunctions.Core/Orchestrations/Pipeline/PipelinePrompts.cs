using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;

namespace AgentFunctions.Core.Orchestrations.Pipeline;

/// <summary>What a model is asked about an item. Pure.</summary>
internal static class PipelinePrompts
{
    /// <summary>What stands for the item in a prompt.</summary>
    public const string Item = "{{item}}";

    /// <summary>The call: the prompt in parts, with the item or its address between them, so that a long item does not cross history.</summary>
    public static ModelCall Call(PipelineStage stage, ItemValue item)
    {
        var parts = new List<PromptPart>();
        var texts = (stage.Prompt ?? Item).Split(Item);
        for (var i = 0; i < texts.Length; i++)
        {
            if (i > 0) parts.Add(new() { Content = Content(item) });
            if (texts[i].Length > 0) parts.Add(new() { Content = new() { Text = texts[i] } });
        }

        return new() { Model = stage.Model!, Instructions = stage.Instructions ?? "Answer the request.", Parts = parts, Purpose = stage.Purpose };
    }

    /// <summary>The answer as the next stage's item.</summary>
    public static ItemReply Read(ModelReply reply) => new(
        reply.Text.Ref is { } address ? new() { Ref = address, IsText = true } : new() { Value = JsonSerializer.SerializeToElement(reply.Text.Text ?? "", DurableJsonContext.Default.String) },
        reply.Cost);

    private static Content Content(ItemValue item) =>
        item.Value is { } value ? new() { Text = value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText() } : new() { Ref = item.Ref };
}
