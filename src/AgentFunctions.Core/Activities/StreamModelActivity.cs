using System.Text.Json;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Caching;
using AgentFunctions.Core.Models.Conversations;
using AgentFunctions.Core.Models.Routing;
using AgentFunctions.Core.Results;
using AgentFunctions.Core.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Core.Activities;

/// <summary>
/// Calls a model for one turn of a conversation, unless the cache has its answer, and reads its answer as it comes: tokens flow out, and tool calls are told to the run as soon as their arguments
/// are complete. Running it again asks again and may cost again, but changes nothing else.
/// </summary>
/// <param name="models">The models.</param>
/// <param name="tools">The tools that a model may be offered.</param>
/// <param name="store">Where a long answer goes.</param>
/// <param name="conversations">Reads and extends conversations.</param>
/// <param name="output">Where tokens go.</param>
/// <param name="runs">The engine's client, asked for when a tool call is told; null where the host has none, and then nothing is told.</param>
/// <param name="logger">Hears of a tool call that could not be told.</param>
public sealed partial class StreamModelActivity(
    IModelCatalog models,
    ToolRegistry tools,
    IContentStore store,
    ConversationStore conversations,
    IRunOutput output,
    Func<IRunClient?> runs,
    ILogger logger) : Activity<ChatCall, ChatReply>
{
    /// <summary>A tool call with more bytes of arguments than this is not told before the answer is complete, as it would be in history once more: 4,096.</summary>
    public const int ToldBytes = 4096;

    /// <inheritdoc/>
    /// <exception cref="AnswerRejectedException">No answer passed the call's check, and one must.</exception>
    /// <exception cref="PermanentFailureException">The call does not fit, there is no such model or tool, or the provider refused the request as wrong.</exception>
    /// <exception cref="CacheMissException">Only a kept answer was asked for, and there is none.</exception>
    /// <exception cref="Tools.ToolUnavailableException">A tool's MCP server is away.</exception>
    /// <exception cref="ThrottledException">The provider refuses for now.</exception>
    /// <exception cref="ModelUnavailableException">The provider failed, could not be reached, or sent what is no answer.</exception>
    /// <exception cref="TimeoutException">The provider did not answer in time.</exception>
    /// <exception cref="ContentNotFoundException">A part of the conversation is not in the store.</exception>
    public override async Task<ChatReply> RunAsync(ActivityContext context, ChatCall input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        Check(input);
        var model = models.Resolve(input.Model);
        if (!input.Tools.All(tools.Contains)) await tools.Settled.WaitAsync(cancellationToken);
        var options = Options(context, input, model);
        var messages = await new ChatTranscript(conversations).WriteAsync(input.Instructions, (await conversations.ReadAsync(input.Head, cancellationToken)).Concat(input.Append), cancellationToken);
        var reply = new StreamedReply(input.Turn);
        if (input.Stream) await output.AppendAsync(context.InstanceId, RunOutputKinds.Turn, JsonSerializer.SerializeToElement(new TurnStarted(input.Turn, context.CallId, model.Name), ResultsJsonContext.Default.TurnStarted), cancellationToken);
        await foreach (var update in model.Client.GetStreamingResponseAsync(messages, options, cancellationToken))
        {
            var (text, calls) = reply.Add(update);
            if (input.Stream && text.Length > 0) await output.AppendAsync(context.InstanceId, RunOutputKinds.Token, JsonSerializer.SerializeToElement(new TokenText(input.Turn, text), ResultsJsonContext.Default.TokenText), cancellationToken);
            foreach (var call in calls) await TellAsync(context, input, call, cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
        CheckAnswer(reply, model);
        return await ReplyAsync(input, model, messages, reply, cancellationToken);
    }

    private static void Check(ChatCall call)
    {
        if (call.Append.Count == 0) throw new PermanentFailureException("A chat call appends no message. Send at least one.");
        SamplingSettings.Check(call.MaxOutputTokens, call.Temperature);
        CacheSettingsRules.ThrowIfWrong(call.Cache);
        RoutedModels.ThrowIfWrong(call.Accept);
    }

    private ChatOptions Options(ActivityContext context, ChatCall call, ResolvedModel model) => new()
    {
        ModelId = model.Name,
        MaxOutputTokens = call.MaxOutputTokens,
        Temperature = call.Temperature,
        Tools = call.Tools.Count == 0 ? null : [.. call.Tools.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(name => tools.Get(name).AsDeclarationOnly())],
        AdditionalProperties = RoutedModels.With(call.Accept, task: null, new() { [ModelProperties.Purpose] = ModelPurpose.Answer, [ModelProperties.Priority] = context.Priority, [ModelProperties.Run] = context.InstanceId, [ModelProperties.Budget] = context.Budget, [ModelProperties.Affinity] = call.Affinity ?? context.InstanceId, [ModelProperties.CacheScope] = CachedModels.Checked(model, ScopeOf(context, call)) }),
    };

    private static ModelCacheScope ScopeOf(ActivityContext context, ChatCall call) => new()
    {
        Tenant = Tenants.Of(context.InstanceId),
        Kind = CacheKind.Response,
        Settings = call.Cache ?? new(),
        Sample = call.Sample,

        // Only a question by itself: what was said before changes its meaning, and a call of a tool has the question's own words for arguments.
        Question = call is { Head: null, Tools.Count: 0, Append: [{ Role: ConversationRole.User, Content.Text: { } text }] } ? CachedModels.QuestionOf(text) : null,
    };

    /// <summary>An answer with neither text nor calls must not pass for one, unless it says why.</summary>
    private static void CheckAnswer(StreamedReply reply, ResolvedModel model)
    {
        if (reply.Calls.Count > 0 || !string.IsNullOrWhiteSpace(reply.Text) || reply.FinishReason is "length" or "content_filter") return;
        throw new ModelUnavailableException($"The model '{model.Name}' answered with neither text nor tool calls (finish reason '{reply.FinishReason ?? "none"}'). Try again.");
    }

    private async Task TellAsync(ActivityContext context, ChatCall input, ModelToolCall call, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToElement(call, ConversationsJsonContext.Default.ModelToolCall);
        if (input.Stream) await output.AppendAsync(context.InstanceId, RunOutputKinds.ToolCall, JsonSerializer.SerializeToElement(new ToolCallText(input.Turn, call), ResultsJsonContext.Default.ToolCallText), cancellationToken);
        if (input.ToolCallEvent is not { } name || call.Arguments is null || System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(json).Length > ToldBytes || runs() is not { } client) return;
        try
        {
            await client.RaiseEventAsync(context.InstanceId, name, json, cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // The reply has the call too, so what is lost is only the head start.
            LogNotTold(call.Tool, context.InstanceId, error);
        }
    }

    private async Task<ChatReply> ReplyAsync(ChatCall input, ResolvedModel model, List<ChatMessage> messages, StreamedReply reply, CancellationToken cancellationToken)
    {
        var text = await Content.FromTextAsync(reply.Text, store, cancellationToken);
        var said = new ConversationMessage { Role = ConversationRole.Assistant, Content = reply.Text.Length == 0 ? null : text, ToolCalls = reply.Calls.Count == 0 ? null : reply.Calls };
        return new ChatReply
        {
            Head = await conversations.AppendAsync(new ConversationDelta(input.Head, [.. input.Append, said]), cancellationToken),
            Text = text,
            ToolCalls = reply.Calls,
            Model = reply.Model ?? model.Name,
            Cost = RoutedModels.CostOf(reply.Properties) ?? (reply.Cache is null ? ModelCost.Of(reply.Usage, messages, reply.Text, reply.Calls.Select(call => (call.Tool, call.Arguments?.GetRawText() ?? call.Malformed)), model.Price) : Cost.None),
            Route = RoutedModels.RouteOf(reply.Properties, input.Accept, model),
            Cache = reply.Cache,
            FinishReason = reply.FinishReason,
            Notice = reply.Notice,
        };
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "A call of the tool '{Tool}' could not be told to the run '{InstanceId}' ahead of the model's answer. It starts when the answer is complete.")]
    private partial void LogNotTold(string tool, string instanceId, Exception error);
}
