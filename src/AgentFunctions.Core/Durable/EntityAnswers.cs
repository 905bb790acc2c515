namespace AgentFunctions.Core.Durable;

/// <summary>How a worker gets an entity's answer, since only an orchestrator gets it itself: it sends the operation, and reads the state until the answer is there.</summary>
internal static class EntityAnswers
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Sends an operation and reads until the state shows that it was applied.</summary>
    /// <param name="client">The engine's client.</param>
    /// <param name="entity">Which entity.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="input">Its input.</param>
    /// <param name="isApplied">Whether it was, going by the state.</param>
    /// <param name="who">The entity in words, for the message: "limiter of 'm@h'".</param>
    /// <param name="time">The clock of the pauses between reads.</param>
    /// <param name="cancellationToken">Ends the wait; the operation may be applied all the same.</param>
    /// <exception cref="TimeoutException">It was not applied within 20 s.</exception>
    public static async Task<TState> AskEntityAsync<TState, TInput, TOutput>(this IRunClient client, EntityId entity, EntityOperation<TInput, TOutput> operation, TInput input, Func<TState, bool> isApplied, string who, TimeProvider time, CancellationToken cancellationToken)
        where TState : class
    {
        var began = time.GetTimestamp();
        await client.SignalEntityAsync(entity, operation, input, cancellationToken);
        for (var pause = First; time.GetElapsedTime(began) < Patience; pause = pause * 2 < Longest ? pause * 2 : Longest)
        {
            if (await client.GetEntityStateAsync<TState>(entity, cancellationToken) is { } state && isApplied(state)) return state;
            await Task.Delay(pause, time, cancellationToken);
        }

        throw new TimeoutException($"The {who} did not answer within {Patience}. Look at the task hub: its entity '{entity}' is not being served.");
    }
}
