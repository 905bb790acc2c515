using System.Runtime.InteropServices;
using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Tools;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Activities;

/// <summary>
/// Calls a tool. The tool finds the call's <see cref="ActivityContext"/> in <see cref="AIFunctionArguments.Context"/> under that type, for its idempotency key.
/// </summary>
/// <param name="tools">The tools there are.</param>
/// <param name="store">Where an answer over 32 KB goes.</param>
/// <param name="services">The host's services, for tools that ask for some. Default: none.</param>
public sealed class CallToolActivity(ToolRegistry tools, IContentStore store, IServiceProvider? services = null) : Activity<ToolCall, ToolReply>
{
    /// <summary>From more bytes of JSON than this an answer is stored rather than carried, unless the call asks for fewer: 32,768.</summary>
    public const int InlineBytes = 32 * 1024;

    /// <summary>Calls the tool.</summary>
    /// <param name="context">Which call it serves.</param>
    /// <param name="input">The tool's name and its arguments.</param>
    /// <param name="cancellationToken">Handed to the tool; the built-in ones stop at once.</param>
    /// <exception cref="PermanentFailureException">There is no such tool, or its arguments are wrong. What else the tool throws goes through as it is.</exception>
    public override async Task<ToolReply> RunAsync(ActivityContext context, ToolCall input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        cancellationToken.ThrowIfCancellationRequested();
        var tool = tools.Get(input.Tool);
        var arguments = Arguments(context, tool, input.Arguments);
        object? result;
        try
        {
            result = await tool.InvokeAsync(arguments, cancellationToken);
        }
        catch (Exception error) when (error is ArgumentException or JsonException)
        {
            throw new PermanentFailureException($"The tool '{tool.Name}' refused its arguments: {error.Message}", error);
        }

        return await ReplyAsync(tool, result, Math.Clamp(input.InlineBytes ?? InlineBytes, 0, InlineBytes), cancellationToken);
    }

    private AIFunctionArguments Arguments(ActivityContext context, AIFunction tool, JsonElement? given)
    {
        var arguments = new AIFunctionArguments(StringComparer.Ordinal) { Services = services, Context = new Dictionary<object, object?> { [typeof(ActivityContext)] = context } };
        if (given is not { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } json) return arguments;
        if (json.ValueKind != JsonValueKind.Object) throw new PermanentFailureException($"The arguments of the tool '{tool.Name}' are a JSON {json.ValueKind}. Give an object, with a property for each argument.");
        foreach (var argument in json.EnumerateObject()) arguments[argument.Name] = argument.Value;
        return arguments;
    }

    private async Task<ToolReply> ReplyAsync(AIFunction tool, object? result, int inlineBytes, CancellationToken cancellationToken)
    {
        var cost = (result as ICosted)?.Cost;
        if (result is null or JsonElement { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined }) return new ToolReply { Cost = cost };
        var value = result is JsonElement element ? element : JsonSerializer.SerializeToElement(result, tool.JsonSerializerOptions.GetTypeInfo(result.GetType()));
        var json = JsonMarshal.GetRawUtf8Value(value);
        return json.Length <= inlineBytes
            ? new ToolReply { Value = value, Cost = cost }
            : new ToolReply { Ref = await store.PutAsync(json.ToArray(), cancellationToken), Cost = cost };
    }
}
