using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Policies.Templating;

namespace AgentFunctions.Core.Orchestrations.Pipeline;

/// <summary>What a model is asked about an item. Pure.</summary>
internal static class PipelinePrompts
{
    private const string Default = "{{item}}";

    /// <summary>The call: the prompt in parts, with the item's values or their addresses between them, so that a long item does not cross history.</summary>
    /// <exception cref="PermanentFailureException">The item has no value at a path.</exception>
    public static ModelCall Call(PipelineStage stage, ItemValue item)
    {
        var parts = TextTemplate.Pieces(stage.Prompt ?? Default).Select(piece => piece.IsPath ? Part(item, piece.Text) : new() { Content = new() { Text = piece.Text } });
        return new() { Model = stage.Model!, Instructions = stage.Instructions ?? "Answer the request.", Parts = [.. parts], Purpose = stage.Purpose };
    }

    /// <summary>The answer as the next stage's item.</summary>
    public static ItemReply Read(ModelReply reply) => new(
        reply.Text.Ref is { } address ? new() { Ref = address, IsText = true } : new() { Value = JsonSerializer.SerializeToElement(reply.Text.Text ?? "", DurableJsonContext.Default.String) },
        reply.Cost,
        reply.Cache);

    private static PromptPart Part(ItemValue item, string path)
    {
        if (item.Value is { } value) return new() { Content = new() { Text = JsonTemplate.Text(ItemTemplate.Find(value, path) ?? throw ItemTemplate.Missing(path)) } };
        var rest = ValuePath.Rest(path);
        if (!item.IsText) return new() { Content = new() { Ref = item.Ref }, Path = rest ?? "" };
        return rest is null ? new() { Content = new() { Ref = item.Ref } } : throw ItemTemplate.Missing(path);
    }
}
