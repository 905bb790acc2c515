namespace AgentFunctions.Core.Durable;

/// <summary>How something failed, in a form that crosses history.</summary>
public sealed record FailureDetails
{
    /// <summary>The exception's type name without its namespace: <c>TimeoutException</c>.</summary>
    public required string Type { get; init; }

    /// <summary>What happened, the value that was wrong, what to do.</summary>
    public required string Message { get; init; }

    /// <summary>True when trying again can't help: wrong input, an unknown name, a refusal. Default: false.</summary>
    public bool Permanent { get; init; }

    /// <summary>How long the refusing side asked to be left alone (RFC 9110, Retry-After), where it said so.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The activity, sub-orchestration, entity operation or branch that failed, where it was one.</summary>
    public string? Step { get; init; }

    /// <summary>The details of an exception.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="step">The step that threw it, or null.</param>
    public static FailureDetails From(Exception exception, string? step = null)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception switch
        {
            TaskFailedException failed => failed.Details with { Step = failed.Details.Step ?? step },
            AggregateException { InnerExceptions: [var only] } => From(only, step),
            _ => new FailureDetails
            {
                Type = exception.GetType().Name,
                Message = MessageOf(exception),
                Permanent = exception is PermanentFailureException or ArgumentException or NotSupportedException or System.Text.Json.JsonException,
                RetryAfter = (exception as ThrottledException)?.RetryAfter,
                Step = step,
            },
        };
    }

    private static string MessageOf(Exception exception)
    {
        try
        {
            // Null where a class overrides it so, whatever its declaration says.
            return exception.Message ?? "";
        }
#pragma warning disable CA1031 // A failure whose message can't be made is still a failure, and must be recorded as one.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return $"Its message could not be made: {e.GetType().Name}.";
        }
    }
}

/// <summary>A step that an orchestrator awaited has failed. Thrown into the orchestrator, where it can be caught.</summary>
public sealed class TaskFailedException(FailureDetails details) : Exception($"{details?.Step ?? "A step"} failed: {details?.Type}: {details?.Message}")
{
    /// <summary>How it failed.</summary>
    public FailureDetails Details { get; } = details ?? throw new ArgumentNullException(nameof(details));
}

/// <summary>Thrown by an activity or an entity when trying again can't help; retry policies give up at once. A kind of its own is a type derived from it.</summary>
public class PermanentFailureException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Thrown by an activity when the other side refuses for now (HTTP 429 or 503); retry policies honour the time it named.</summary>
public class ThrottledException(string message, TimeSpan? retryAfter, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>How long the other side asked to be left alone, where it said so.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}

/// <summary>Thrown instead of a call to what is known to be broken: its circuit is open, and nothing was sent. The name of this type is what fan-outs know it by.</summary>
/// <param name="target">What is broken: a deployment (model@host), or a tool's name.</param>
/// <param name="message">What happened, since when, and when it is tried again.</param>
/// <param name="retryAfter">How long it is until it may be tried again.</param>
public sealed class CircuitOpenException(string target, string message, TimeSpan retryAfter) : ThrottledException(message, retryAfter)
{
    /// <summary>What is broken.</summary>
    public string Target { get; } = target;
}
