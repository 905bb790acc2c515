namespace AgentFunctions.Core.Limiting;

/// <summary>Leave to start one call now. Whoever holds it says what became of it, once: what is never told counts as used as it was asked for.</summary>
public sealed class Permit
{
    private readonly IPermitLedger? ledger;
    private readonly HeldPermit held;
    private readonly double tokens;
    private int told;

    internal Permit(IPermitLedger? ledger, HeldPermit held, double tokens, TimeSpan waited)
    {
        this.ledger = ledger;
        this.held = held;
        this.tokens = tokens;
        Waited = waited;
    }

    /// <summary>A permit where there is no limit.</summary>
    public static Permit Free { get; } = new(ledger: null, default, 0, TimeSpan.Zero);

    /// <summary>How long the call has waited for it.</summary>
    public TimeSpan Waited { get; }

    /// <summary>The call was made.</summary>
    /// <param name="used">The tokens that it used, in and out.</param>
    public void Settle(double used)
    {
        if (IsFirst()) ledger?.Settle(held, used - tokens);
    }

    /// <summary>The call was not made, and never will be with this permit: another may use it, as long as its time is not over.</summary>
    public void Return()
    {
        if (IsFirst()) ledger?.Return(held, tokens);
    }

    /// <summary>The provider has refused the call for now; it has not used any tokens.</summary>
    /// <param name="retryAfter">For how long it asks for quiet. Null where it does not say: one second.</param>
    public void Refuse(TimeSpan? retryAfter)
    {
        if (IsFirst()) ledger?.Refuse(held, tokens, retryAfter ?? TimeSpan.FromSeconds(1));
    }

    private bool IsFirst() => Interlocked.Exchange(ref told, 1) == 0;
}
