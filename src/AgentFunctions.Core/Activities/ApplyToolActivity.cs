using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Templating;
using AgentFunctions.Core.Serialization;
using AgentFunctions.Core.Tools;

namespace AgentFunctions.Core.Activities;

/// <summary>
/// Calls a tool with a pipeline's item: reads the item where it is stored, fills it into the arguments, and stores the answer where it is long. So items
/// of any size cross history as addresses.
/// </summary>
/// <param name="tool">Calls the tool.</param>
/// <param name="store">Where long items are and go.</param>
public sealed class ApplyToolActivity(CallToolActivity tool, IContentStore store) : Activity<ItemCall, ItemReply>
{
    /// <inheritdoc/>
    /// <exception cref="PermanentFailureException">There is no such tool, the arguments are wrong, or they refer to a part that the item has not. What else the tool throws goes through as it is.</exception>
    /// <exception cref="ContentNotFoundException">The store does not hold the item.</exception>
    public override async Task<ItemReply> RunAsync(ActivityContext context, ItemCall input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        var item = await ReadAsync(input.Item, cancellationToken);
        var arguments = Filled(input, item);
        var reply = await tool.RunAsync(context, new ToolCall { Tool = input.Tool, Arguments = arguments, IdempotencyKey = input.IdempotencyKey, Cache = input.Cache }, cancellationToken);
        return new(await CarriedAsync(reply, cancellationToken), reply.Cost, reply.Cache);
    }

    private static JsonElement Filled(ItemCall call, JsonElement item)
    {
        if (call.Arguments is not { ValueKind: not JsonValueKind.Null } template)
        {
            return item.ValueKind == JsonValueKind.Object ? item : throw new PermanentFailureException($"The item is a JSON {item.ValueKind}, and the stage of tool '{call.Tool}' has no arguments. Set its arguments, with {{\"$value\": \"item\"}} where the item belongs.");
        }

        if (JsonTemplate.Fault(template) is { } fault) throw new PermanentFailureException($"The arguments of the tool '{call.Tool}' can't be filled in: {fault}");
        return JsonTemplate.Render(template, path => ItemTemplate.Find(item, path), ItemTemplate.Missing);
    }

    private async Task<JsonElement> ReadAsync(ItemValue item, CancellationToken cancellationToken)
    {
        if (item.Value is { } value) return value;
        var address = item.Ref is { } it && it.IsValid() ? it : throw new PermanentFailureException("The item has neither 'value' nor a valid 'ref'. Set one of them.");
        var bytes = await store.GetAsync(address, cancellationToken);
        return item.IsText ? JsonSerializer.SerializeToElement(Encoding.UTF8.GetString(bytes.Span), DurableJsonContext.Default.String) : DurableJson.Parse(bytes);
    }

    private async Task<ItemValue> CarriedAsync(ToolReply reply, CancellationToken cancellationToken)
    {
        if (reply.Ref is { } address) return new() { Ref = address };

        // Null is an answer, too; a value that is null would be taken for none.
        var value = reply.Value ?? DurableJson.Parse("null"u8.ToArray());
        var json = JsonMarshal.GetRawUtf8Value(value);
        return json.Length > ItemValue.InlineBytes || value.ValueKind == JsonValueKind.Null
            ? new() { Ref = await store.PutAsync(json.ToArray(), cancellationToken) }
            : new() { Value = value };
    }
}
