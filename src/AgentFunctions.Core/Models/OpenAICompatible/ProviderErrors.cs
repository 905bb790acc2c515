using System.ClientModel;
using System.Net.Sockets;
using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies;

namespace AgentFunctions.Core.Models.OpenAICompatible;

/// <summary>What the SDK throws, as what our retry policies understand.</summary>
/// <param name="model">The model that is called.</param>
/// <param name="timeout">The timeout that is set.</param>
/// <param name="time">The clock that a Retry-After date is compared with.</param>
internal sealed class ProviderErrors(string model, TimeSpan timeout, TimeProvider time)
{
    private const int LongestMessage = 1000;

    /// <summary>Whether it is the caller's own cancellation, which passes as it is.</summary>
    public static bool IsCancellation(Exception exception, CancellationToken cancellationToken) => exception is OperationCanceledException && cancellationToken.IsCancellationRequested;

    /// <summary>What is to be thrown instead.</summary>
    public Exception Translate(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        // A dropped connection is then only the trace of the caller's cancellation.
        _ when cancellationToken.IsCancellationRequested => new OperationCanceledException("The call was cancelled.", exception, cancellationToken),
        OperationCanceledException => new TimeoutException($"The model '{model}' did not answer within {timeout.TotalSeconds:0.###} s. Try again, or raise the timeout.", exception),
        ClientResultException { Status: > 0 } refused => Refusal(refused),
        ClientResultException or HttpRequestException or IOException or SocketException => new ModelUnavailableException($"The model '{model}' could not be reached: {Innermost(exception).Message}", exception),
        // The SDK reads replies with these; a permanent JsonException would stop retries for what is the provider's fault.
        JsonException or InvalidOperationException or FormatException or KeyNotFoundException or ArgumentException or IndexOutOfRangeException or OverflowException or NullReferenceException or NotSupportedException
            => new ModelUnavailableException($"The reply of model '{model}' could not be read: {exception.Message}", exception),
        _ => new ModelUnavailableException($"The call of model '{model}' failed: {exception.Message}", exception),
    };

    private Exception Refusal(ClientResultException exception)
    {
        var said = OneLine(exception.Message);
        return exception.Status switch
        {
            // The account's money has run out: waiting a little does not bring it back.
            429 when said.Contains("insufficient_quota", StringComparison.Ordinal) => new DeploymentRefusedException($"The account of model '{model}' has no quota left: {said}", exception),

            // It is not this call that is wrong: the deployment refuses every one.
            401 or 402 or 403 or 404 => new DeploymentRefusedException($"The provider refuses all calls of model '{model}' with these settings: {said} Check its key, its account and the model's name there.", exception),
            429 => new ThrottledException($"The provider of model '{model}' refuses for now: {said}", RetryAfter(exception), exception),

            // Whoever says when to come back is overloaded; who does not is broken (RFC 9110, section 15.6.4).
            503 when RetryAfter(exception) is { } wait => new ThrottledException($"The provider of model '{model}' refuses for now: {said}", wait, exception),
            408 or 409 or 425 or >= 500 => new ModelUnavailableException($"The provider of model '{model}' failed: {said}", exception),
            _ => new PermanentFailureException($"The provider refused the call of model '{model}': {said}", exception),
        };
    }

    private TimeSpan? RetryAfter(ClientResultException exception) =>
        exception.GetRawResponse() is { } response ? RetryAfterHeader.Read(name => response.Headers.TryGetValue(name, out var value) ? value : null, time.GetUtcNow()) : null;

    private static Exception Innermost(Exception exception) => exception.InnerException is { } inner ? Innermost(inner) : exception;

    private static string OneLine(string message)
    {
        var line = string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Shortened(LongestMessage);
    }
}
