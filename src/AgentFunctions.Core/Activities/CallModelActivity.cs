using System.Text.Json;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Caching;
using AgentFunctions.Core.Models.Routing;
using AgentFunctions.Core.Policies.Templating;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Activities;

/// <summary>Calls a model once, unless the cache has its answer. Running it again asks again and may cost again, but changes nothing else.</summary>
/// <param name="models">The models.</param>
/// <param name="store">Where long texts are, and where a long answer goes.</param>
/// <param name="chunks">Reads chunks.</param>
public sealed class CallModelActivity(IModelCatalog models, IContentStore store, IChunkReader chunks) : Activity<ModelCall, ModelReply>
{
    /// <inheritdoc/>
    /// <exception cref="AnswerRejectedException">No answer passed the call's check, and one must.</exception>
    /// <exception cref="PermanentFailureException">The call does not fit, there is no such model, or the provider refused the request as wrong.</exception>
    /// <exception cref="CacheMissException">Only a kept answer was asked for, and there is none.</exception>
    /// <exception cref="ThrottledException">The provider refuses for now.</exception>
    /// <exception cref="ModelUnavailableException">The provider failed, could not be reached, or sent what is no answer.</exception>
    /// <exception cref="TimeoutException">The provider did not answer in time.</exception>
    public override async Task<ModelReply> RunAsync(ActivityContext context, ModelCall input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        Check(input);
        var model = models.Resolve(input.Model);
        var messages = await MessagesAsync(input, cancellationToken);
        var response = await model.Client.GetResponseAsync(messages, Options(context, input, model, messages, ScopeOf(context, input, messages)), cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        var text = response.Text;
        CheckAnswer(text, response, model);
        var note = CachedModels.NoteOf(response.AdditionalProperties);
        var route = RoutedModels.RouteOf(response.AdditionalProperties, input.Accept, model);
        return new ModelReply
        {
            Text = await Content.FromTextAsync(text, store, cancellationToken),
            Model = response.ModelId ?? model.Name,
            Cost = RoutedModels.CostOf(response.AdditionalProperties) ?? (note is null ? ModelCost.Of(ModelCost.Both(response.Usage), messages, text, [], model.Price) : Cost.None),
            Route = route,
            Cache = note,
            FinishReason = response.FinishReason?.Value,
            Notice = response.AdditionalProperties?.GetValueOrDefault(ModelProperties.Notice) as string,
        };
    }

    private static void Check(ModelCall call)
    {
        if (call.Parts.Count == 0) throw new PermanentFailureException("A model call has no parts. Send at least one.");
        SamplingSettings.Check(call.MaxOutputTokens, call.Temperature);
        CacheSettingsRules.ThrowIfWrong(call.Cache);
        RoutedModels.ThrowIfWrong(call.Accept);
        for (var i = 0; i < call.Parts.Count; i++)
        {
            if (call.Parts[i] is { Content: null } == call.Parts[i] is { Chunk: null }) throw new PermanentFailureException($"parts[{i}] has {(call.Parts[i].Chunk is null ? "neither" : "both")} of 'content' and 'chunk'. Set exactly one.");
        }
    }

    /// <summary>The instructions as system message; each part a text of the user message, under its title.</summary>
    private async ValueTask<List<ChatMessage>> MessagesAsync(ModelCall call, CancellationToken cancellationToken)
    {
        var contents = new List<AIContent>(call.Parts.Count);
        foreach (var part in call.Parts)
        {
            var text = part.Chunk is { } chunk ? await chunks.ReadAsync(chunk, cancellationToken) : await part.Content!.ReadAsync(store, cancellationToken);
            if (part.Path is { } path) text = ValueAt(path, text);
            contents.Add(new TextContent(part.Title is { } title ? $"# {title.ReplaceLineEndings(" ")}\n\n{text}" : text));
        }

        var user = new ChatMessage(ChatRole.User, contents);
        return string.IsNullOrWhiteSpace(call.Instructions) ? [user] : [new ChatMessage(ChatRole.System, call.Instructions), user];
    }

    private static string ValueAt(string path, string json)
    {
        try
        {
            var value = ValuePath.Find(JsonElement.Parse(json), path.Length == 0 ? null : path);
            return JsonTemplate.Text(value ?? throw new PermanentFailureException($"The stored JSON that the prompt names has no value at '{path}'. Correct the path, or what is stored."));
        }
        catch (JsonException exception)
        {
            throw new PermanentFailureException($"The prompt asks for '{path}' of what is stored, which is no JSON: {exception.Message} Store JSON, or mark it as text.", exception);
        }
    }

    private static ModelCacheScope ScopeOf(ActivityContext context, ModelCall call, List<ChatMessage> messages) => new()
    {
        Tenant = Tenants.Of(context.InstanceId),
        Kind = ModelCacheScope.KindOf(call.Purpose),
        Settings = call.Cache ?? new(),
        Sample = call.Sample,

        // A title says what a text is, such as a document: then it is no question.
        Question = call is { Purpose: ModelPurpose.Answer, Parts: [{ Title: null }] } ? CachedModels.QuestionOf(messages[^1].Text) : null,
    };

    private static ChatOptions Options(ActivityContext context, ModelCall call, ResolvedModel model, List<ChatMessage> messages, ModelCacheScope scope) => new()
    {
        ModelId = model.Name,
        MaxOutputTokens = call.MaxOutputTokens,
        Temperature = call.Temperature,
        AdditionalProperties = RoutedModels.With(call.Accept, TaskOf(call, messages), new() { [ModelProperties.Purpose] = call.Purpose, [ModelProperties.Priority] = context.Priority, [ModelProperties.Run] = context.InstanceId, [ModelProperties.Budget] = context.Budget, [ModelProperties.CacheScope] = CachedModels.Checked(model, scope) }),
    };

    /// <summary>What is asked where the model is to be chosen by it: what has a title, such as a document, is what it is asked of.</summary>
    private static string? TaskOf(ModelCall call, List<ChatMessage> messages) => string.Equals(call.Model, ModelTiers.Auto, StringComparison.OrdinalIgnoreCase)
        ? string.Join('\n', messages[^1].Contents.OfType<TextContent>().Where((_, i) => call.Parts[i].Title is null).Select(content => content.Text).Prepend(call.Instructions))
        : null;

    /// <summary>An answer without text must not pass for one: a reduction would count it as done.</summary>
    private static void CheckAnswer(string text, ChatResponse response, ResolvedModel model)
    {
        if (!string.IsNullOrWhiteSpace(text) || response.FinishReason == ChatFinishReason.ToolCalls) return;
        if (response.FinishReason == ChatFinishReason.Length) throw new PermanentFailureException($"The model '{model.Name}' spent all its output tokens before its answer began. Raise maxOutputTokens.");
        if (response.FinishReason == ChatFinishReason.ContentFilter) throw new PermanentFailureException($"The content filter of model '{model.Name}' withheld the answer. Change the prompt.");
        throw new ModelUnavailableException($"The model '{model.Name}' answered with no text (finish reason '{response.FinishReason?.Value ?? "none"}'). Try again.");
    }
}
