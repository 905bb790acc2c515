using System.Runtime.CompilerServices;
using AgentFunctions.Core.Durable;
using Microsoft.Extensions.AI;
using Sdk = OpenAI.Chat;

namespace AgentFunctions.Core.Models.OpenAICompatible;

/// <summary>
/// A model of an OpenAI-compatible API as <see cref="IChatClient"/>, over the official OpenAI SDK: text, streaming, function tools, usage.
/// It makes one attempt for each call; retries are the caller's, who has budgets and limits to keep.
/// </summary>
public sealed class OpenAIChatClient : IChatClient
{
    private readonly string model;
    private readonly Sdk.ChatClient client;
    private readonly bool takesCacheKey;
    private readonly ProviderErrors errors;
    private readonly ChatClientMetadata metadata;

    /// <summary>Makes the client; nothing is called yet.</summary>
    /// <param name="model">The model's name at the provider.</param>
    /// <param name="connection">How to reach it.</param>
    public OpenAIChatClient(string model, OpenAIConnection connection)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        ArgumentNullException.ThrowIfNull(connection);
        this.model = model;
        client = connection.CreateClient().GetChatClient(model);
        takesCacheKey = connection.TakesCacheKey;
        errors = new ProviderErrors(model, connection.Timeout, connection.Time);
        metadata = new ChatClientMetadata("openai", connection.Endpoint, model);
    }

    /// <summary>Calls the model.</summary>
    /// <param name="messages">The messages; texts, function calls and their results.</param>
    /// <param name="options">The options. Default: the provider's.</param>
    /// <param name="cancellationToken">Drops the request.</param>
    /// <exception cref="ThrottledException">HTTP 429, with the wait that the provider named if it did, or 503 with one.</exception>
    /// <exception cref="DeploymentRefusedException">The provider refuses all calls with this key or of this model (401, 402, 403, 404), or the account has no quota left.</exception>
    /// <exception cref="PermanentFailureException">The provider refused the request as wrong (any other 4xx).</exception>
    /// <exception cref="TimeoutException">The provider did not answer in time.</exception>
    /// <exception cref="ModelUnavailableException">The provider failed, could not be reached, or its reply could not be read.</exception>
    /// <exception cref="NotSupportedException">A message or an option is of a kind that this client can't send.</exception>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var (sent, settings) = Write(messages, options);
        try
        {
            return OpenAIReplies.Read(await client.CompleteChatAsync(sent, settings, cancellationToken));
        }
        catch (Exception exception) when (!ProviderErrors.IsCancellation(exception, cancellationToken))
        {
            throw errors.Translate(exception, cancellationToken);
        }
    }

    /// <summary>Calls the model and hands on its answer piece by piece. Function calls come whole, each as soon as its arguments are complete.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="options">The options. Default: the provider's.</param>
    /// <param name="cancellationToken">Drops the request.</param>
    /// <exception cref="ModelUnavailableException">As for the call in one piece; also when the stream ends before the answer does.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (sent, settings) = Write(messages, options);
        var stream = new OpenAIStreamReader();
        await using var updates = client.CompleteChatStreamingAsync(sent, settings, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            ChatResponseUpdate? update;
            try
            {
                if (!await updates.MoveNextAsync()) break;
                update = stream.Read(updates.Current);
            }
            catch (Exception exception) when (!ProviderErrors.IsCancellation(exception, cancellationToken))
            {
                throw errors.Translate(exception, cancellationToken);
            }

            yield return update;
        }

        if (!stream.HasEnded) throw new ModelUnavailableException($"The stream of model '{model}' ended before the answer did. Try again.");
        if (stream.ToolCalls() is { } calls) yield return calls;
    }

    /// <summary>This client, the SDK's, or what it says about itself.</summary>
    /// <param name="serviceType">The type asked for.</param>
    /// <param name="serviceKey">Not used.</param>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? metadata
            : serviceType == typeof(Sdk.ChatClient) ? client
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Nothing to let go of: connections are shared.</summary>
    public void Dispose()
    {
    }

    private (List<Sdk.ChatMessage> Messages, Sdk.ChatCompletionOptions Options) Write(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (options?.ModelId is { } other && !string.Equals(other, model, StringComparison.Ordinal)) throw new NotSupportedException($"This client calls the model '{model}', not '{other}'. Resolve '{other}' in the model catalog.");
        List<Sdk.ChatMessage> sent = options?.Instructions is { } instructions ? [new Sdk.SystemChatMessage(instructions)] : [];
        foreach (var message in messages) sent.AddRange(OpenAIMessages.Write(message));
        var settings = OpenAIMessages.Write(options);
        if (takesCacheKey && options?.AdditionalProperties?.GetValueOrDefault(ModelProperties.Affinity) is string affinity) OpenAIMessages.SetCacheKey(settings, affinity);
        return (sent, settings);
    }
}
