namespace AgentFunctions.App.ServiceBus;

/// <summary>What a trigger can do with its message.</summary>
internal interface ISettlement
{
    /// <summary>Removes the message.</summary>
    Task CompleteAsync(CancellationToken cancellationToken);

    /// <summary>Moves the message to the dead letters.</summary>
    Task DeadLetterAsync(string reason, string description, CancellationToken cancellationToken);

    /// <summary>Gives the message back.</summary>
    Task AbandonAsync(IReadOnlyDictionary<string, object> properties, CancellationToken cancellationToken);
}

/// <summary>Does what was decided.</summary>
internal static class Settlement
{
    /// <summary>Settles a message. Not stopped by the worker's stop, since a decision that is not carried out is made again; only the wait before giving back is.</summary>
    public static async Task SettleAsync(Disposition disposition, ISettlement settlement, TimeProvider time, CancellationToken stopping)
    {
        switch (disposition)
        {
            case Disposition.Complete or Disposition.Invalidated:
                await settlement.CompleteAsync(CancellationToken.None);
                break;
            case Disposition.DeadLetter dead:
                await settlement.DeadLetterAsync(dead.Reason, dead.Description, CancellationToken.None);
                break;
            case Disposition.Abandon abandon:
                await Task.Delay(abandon.Delay, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await settlement.AbandonAsync(abandon.Properties, CancellationToken.None);
                break;
            default:
                throw new ArgumentException($"There is no way to settle {disposition}.", nameof(disposition));
        }
    }
}
