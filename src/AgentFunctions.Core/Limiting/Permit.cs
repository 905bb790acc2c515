using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Limiting;

/// <summary>Leave to start one call now. Whoever holds it says what became of it, once: what is never told counts as used as it was asked for.</summary>
public sealed class Permit
{
    private readonly IPermitLedger? ledger;
    private readonly double tokens;
    private int told;

    internal Permit(IPermitLedger? ledger, double tokens, TimeSpan waited)
    {
        this.ledger = ledger;
        this.tokens = tokens;
        Waited = waited;
    }

    /// <summary>A permit where there is no limit.</summary>
    public static Permit Free { get; } = new(ledger: null, 0, TimeSpan.Zero);

    /// <summary>How long the call has waited for it.</summary>
    public TimeSpan Waited { get; }

    /// <summary>The call was made.</summary>
    /// <param name="used">The tokens that it used, in and out.</param>
    public void Settle(double used)
    {
        if (IsFirst()) ledger?.Settle(used - tokens);
    }

    /// <summary>The call was not made, and never will be with this permit.</summary>
    public void Return()
    {
        if (IsFirst()) ledger?.Return(tokens);
    }

    /// <summary>The provider has refused the call for now; it has not used any tokens.</summary>
    /// <param name="retryAfter">For how long it asks for quiet. Null where it does not say: one second.</param>
    public void Refuse(TimeSpan? retryAfter)
    {
        if (IsFirst()) ledger?.Refuse(tokens, retryAfter ?? TimeSpan.FromSeconds(1));
    }

    private bool IsFirst() => Interlocked.Exchange(ref told, 1) == 0;
}

/// <summary>What becomes of permits.</summary>
internal interface IPermitLedger
{
    void Settle(double tokens);

    void Return(double tokens);

    void Refuse(double tokens, TimeSpan retryAfter);
}

/// <summary>Where calls get leave to start.</summary>
public interface IPermitSource
{
    /// <summary>Waits for leave to start a call.</summary>
    /// <param name="ask">The call.</param>
    /// <param name="cancellationToken">Gives the place in the queue up.</param>
    /// <exception cref="ThrottledException">It would not be the call's turn in the time that it may wait: at once where that can be foreseen. It says when to come back.</exception>
    Task<Permit> AcquireAsync(PermitAsk ask, CancellationToken cancellationToken);
}
